/** What the rail lists: rooms that have a part in the programme, calls for help by waiting time, and what changed last. Pure; kept up row by row. */
import type { Change, PointRow, Status } from '../wire/socket.ts';
import { airOf, inOrder } from './air.ts';

const NEWS = 40; // lines; more than the tallest rail shows

/** Changes of the list itself are no news of a room. */
const SILENT: ReadonlySet<Change> = new Set(['added']);

export class Attention {
  /** Longest waiting first; the same list as before while no call changed. */
  calls: readonly PointRow[] = [];
  /** Rooms on air, ready to be, or asked. */
  aired: readonly PointRow[] = [];
  readonly #calling = new Set<number>();
  readonly #airing = new Set<number>();
  #news: readonly PointRow[] = [];
  /** Rows that may stand among the news: sorted in when somebody reads, which is seldom against how they come. */
  readonly #fresh = new Map<number, PointRow>();

  /** Takes in the rows that changed; `rows` holds all. After a new list give every id and `anew`. */
  fold(rows: ReadonlyMap<number, PointRow>, changed: Iterable<number>, anew = false): void {
    if (anew) {
      this.#calling.clear();
      this.#airing.clear();
      this.#fresh.clear();
      this.#news = latest(rows.values());
    }
    const last = this.#news.length < NEWS ? undefined : this.#news.at(-1);
    let called = anew;
    let aired = anew;
    for (const id of changed) {
      const row = rows.get(id);
      if (!row) continue;
      if (!anew && (!last || later(row, last))) this.#fresh.set(id, row);
      if (row.help) this.#calling.add(id);
      called = this.#calling.has(id) || called;
      if (!row.help) this.#calling.delete(id);
      const part = airOf(row) !== 'none';
      if (part) this.#airing.add(id);
      aired = this.#airing.has(id) || aired;
      if (!part) this.#airing.delete(id);
    }
    if (aired) this.aired = inOrder(present(rows, this.#airing));
    if (called) this.calls = present(rows, this.#calling).sort((a, b) => a.since - b.since || a.id - b.id);
  }

  /** Latest first, one line a point. */
  get news(): readonly PointRow[] {
    if (this.#fresh.size > 0) {
      this.#news = latest([...this.#news.filter((row) => !this.#fresh.has(row.id)), ...this.#fresh.values()]);
      this.#fresh.clear();
    }
    return this.#news;
  }
}

/** The last changes, picked without sorting the thousands of rows that a frame may hold. */
function latest(rows: Iterable<PointRow>): PointRow[] {
  const found: PointRow[] = [];
  for (const row of rows) {
    if (SILENT.has(row.change) || (found.length === NEWS && !later(row, found[NEWS - 1]!))) continue;
    let at = found.length;
    while (at > 0 && later(row, found[at - 1]!)) at -= 1;
    found.splice(at, 0, row);
    if (found.length > NEWS) found.pop();
  }
  return found;
}

const later = (a: PointRow, b: PointRow): boolean => (a.change_seq - b.change_seq || b.id - a.id) > 0;

function present(rows: ReadonlyMap<number, PointRow>, ids: Iterable<number>): PointRow[] {
  return [...ids].map((id) => rows.get(id)).filter((row) => row !== undefined);
}

/** The mark a change is listed with. */
export function markOf(change: Change): Status {
  switch (change) {
    case 'help':
    case 'help_taken':
      return 'help';
    case 'lost':
      return 'lost';
    case 'tv':
      return 'tv';
    case 'in':
    case 'not_ready':
      return 'in';
    case 'ready':
      return 'ready';
    case 'left':
      return 'left';
    default:
      return 'ok';
  }
}

const SPOKEN: readonly Status[] = ['help', 'lost'];
const NAMED = 3; // names a person can take in from one message

/** Sums up what fell into trouble since the last message, one part a status, for screen readers. */
export function spoken(
  fallen: ReadonlyMap<Status, readonly string[]>,
  say: { one: (name: string, status: string) => string; many: (n: string, status: string) => string },
  word: Readonly<Record<Status, string>>,
): string {
  return SPOKEN.flatMap((status) => {
    const names = fallen.get(status) ?? [];
    if (names.length === 0) return [];
    if (names.length > NAMED) return [say.many(String(names.length), word[status])];
    return [say.one(names.join(', '), word[status])];
  }).join('. ');
}
