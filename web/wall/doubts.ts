/** Headcounts that are far above what the room is for: mostly a key that was pressed twice. Pure; kept up row by row. */
import { unlikely } from '../shared/headcount.ts';
import type { PointInfo, PointRow } from '../wire/socket.ts';

export const doubtful = (row: PointRow, info: PointInfo): boolean =>
  row.in_room !== null && unlikely(row.in_room, info.seats, info.expected);

export class Doubts {
  readonly ids = new Set<number>();

  /** Takes in the points whose row or seats changed; after a new list give every id and `anew`. */
  fold(
    { rows, infos }: { rows: ReadonlyMap<number, PointRow>; infos: ReadonlyMap<number, PointInfo> },
    changed: Iterable<number>, anew = false,
  ): void {
    if (anew) this.ids.clear();
    for (const id of changed) {
      const row = rows.get(id);
      const info = infos.get(id);
      if (row && info && doubtful(row, info)) this.ids.add(id);
      else this.ids.delete(id);
    }
  }
}
