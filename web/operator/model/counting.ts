/** The largest hall of the country seats fewer; the server refuses more as a slip of two zeros. */
export const MAX_HEADCOUNT = 20_000;

/** What a report of the people in the room says; absences only where they were filled in. */
export interface Count {
  in_room: number;
  absent_excused?: number;
  absent_unexcused?: number;
}

/** What was typed, as a number the server takes: digits alone, no leading zeros, not above the largest. */
export function digits(text: string): string {
  const only = text.replace(/\D/g, '').slice(0, 6);
  return only === '' ? '' : String(Math.min(MAX_HEADCOUNT, Number(only)));
}

/** The number after a step; an empty field counts as nobody. */
export function stepped(value: number | null, by: number): string {
  return String(Math.max(0, Math.min(MAX_HEADCOUNT, (value ?? 0) + by)));
}
