/** What one tile says, worked out from a row: pure, so that the layer above only writes what differs. */
import { count, duration, hourMinute, type Language } from '../shared/format.ts';
import type { PointInfo, PointRow, Status } from '../wire/socket.ts';
import { doubtful } from './doubts.ts';
import type { Level } from './layout.ts';
import type { Texts } from './texts/vi.ts';

/** Rooms whose waiting time matters more than their headcount. */
const TIMED: ReadonlySet<Status> = new Set(['help', 'lost']);
/** Rooms that follow: their bar shows how full they are. */
const FILLED: ReadonlySet<Status> = new Set(['weak', 'tv', 'in', 'ready', 'ok', 'left']);

export interface Face {
  /** The large text; empty where only the mark is shown. */
  number: string;
  /** "/120" after the number, level L alone. */
  small: string;
  /** 0 to 100, or null where there is no bar. */
  fill: number | null;
  mark: boolean;
}

export const timed = (row: PointRow): boolean => TIMED.has(row.status);

/** A waiting time that fits the smallest named tile: 0:07, 12:34, then 1h02. */
export function waiting(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 3600) return duration(seconds);
  const hours = Math.floor(seconds / 3600);
  return hours < 100 ? `${hours}h${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}` : `${hours}h`;
}

export function face(row: PointRow, info: PointInfo, level: Level, now: number): Face {
  const mark = row.status !== 'ok';
  const expected = info.expected > 0 ? `/${info.expected}` : '';
  if (level === 'XS') return { number: '', small: '', fill: null, mark };
  if (level === 'S') return { number: mark ? '' : String(row.in_room ?? '–'), small: '', fill: null, mark };
  if (timed(row)) return { number: waiting(now - row.since), small: '', fill: null, mark };
  const people = row.status === 'none' ? (row.in_room ?? 0) : row.in_room;
  const number = people === null ? '–' : String(people);
  if (level === 'M') return { number: row.status === 'none' ? number + expected : number, small: '', fill: null, mark };
  const share = info.expected > 0 && row.in_room !== null ? Math.min(100, (100 * row.in_room) / info.expected) : null;
  return { number, small: expected, fill: FILLED.has(row.status) ? share : null, mark };
}

/** How many people, in words. */
export function people(row: PointRow, info: PointInfo, t: Texts, language: Language): string {
  const expected = count(info.expected, language);
  if (row.in_room === null) return t.mosaic.notReported(expected);
  const said = t.mosaic.ofExpected(count(row.in_room, language), expected);
  return doubtful(row, info) ? `${said}, ${t.odd.word}` : said;
}

/** Since when, as a clock time and a span: "từ 08:41, đã 6:12". */
export function since(row: PointRow, now: number, t: Texts): string {
  return `${t.mosaic.sinceClock(hourMinute(row.since))}, ${t.mosaic.for(waiting(now - row.since))}`;
}
