/** "18/05/2023", "18-5-2023", "18052023" to "2023-05-18"; `null` when it is no day of the calendar. */
export function parseDay(text: string): string | null {
  const [, d, m, y] = /^\s*(\d{1,2})[/.\- ]?(\d{1,2})[/.\- ]?(\d{4})\s*$/.exec(text) ?? [];
  if (!d || !m || !y) return null;
  const iso = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00Z`);
  // 31/02 is taken as 03/03 by the clock: it must come back the same.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : null;
}

/** "2023-05-18" as people write it here. */
export function showDay(iso: string): string {
  const [y, m, d] = iso.split('-');
  return y && m && d ? `${d}/${m}/${y}` : '';
}
