import { api, of } from './http.ts';
import type { CountsAnswer } from './types.ts';

/** Openings by document; scans and openings by point and by minute. */
export interface Counts {
  /** Openings by document. */
  documents: Map<number, number>;
  points: CountsAnswer['points'];
  minutes: CountsAnswer['minutes'];
}

export async function loadCounts(conference: string, signal: AbortSignal): Promise<Counts> {
  const answer = await api.get<CountsAnswer>(of(conference, '/documents/counts'), {}, signal);
  return { ...answer, documents: new Map(answer.documents.map((one) => [one.document, one.opens])) };
}

/** One value a minute for the `minutes` up to `now`, the empty ones too, the latest last. */
export function perMinute(rows: readonly (readonly [number, number, number])[], now: number, minutes: number): number[] {
  const MINUTE = 60_000;
  const last = Math.floor(now / MINUTE);
  const values = new Array<number>(minutes).fill(0);
  for (const [minute, scans, opens] of rows) {
    const at = minutes - 1 - (last - Math.floor(minute / MINUTE));
    if (at >= 0 && at < minutes) values[at] = (values[at] ?? 0) + scans + opens;
  }
  return values;
}
