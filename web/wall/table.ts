/** The order of the table's rows. Pure. It is taken when somebody asks for it, and rows then stay where they are. */
import { fold } from '../shared/format.ts';
import { STATUSES, type PointInfo, type PointRow } from '../wire/socket.ts';
import type { Column, Sort } from './view.ts';

export interface Line {
  info: PointInfo;
  row: PointRow;
  /** Asked for only where the table is sorted by it. */
  group: () => string;
}

/** What a column sorts by; `null` stands last in either direction, because "not known" is no small number. */
type Value = number | string | null;

const VALUES: Record<Exclude<Column, 'order'>, (line: Line) => Value> = {
  status: ({ row }) => STATUSES.indexOf(row.status),
  point: ({ info }) => fold(info.title.replace(/^\S+\s/, '')),
  group: ({ group }) => fold(group()),
  people: ({ row }) => row.in_room,
  expected: ({ info }) => info.expected,
  share: ({ info, row }) => (row.in_room === null || info.expected === 0 ? null : row.in_room / info.expected),
  excused: ({ row }) => row.absent_excused,
  unexcused: ({ row }) => row.absent_unexcused,
  scans: ({ row }) => row.scans,
  opens: ({ row }) => row.opens,
  devices: ({ row }) => row.devices,
  since: ({ row }) => row.since,
  change: ({ row }) => row.change_seq,
};

/** Ids in the order asked for; `lines` come in the official order, which also decides between equals. */
export function sorted(lines: readonly Line[], sort: Sort): number[] {
  if (sort.by === 'order') {
    const ids = lines.map((line) => line.info.id);
    return sort.down ? ids.reverse() : ids;
  }
  const value = VALUES[sort.by];
  const keyed = lines.map((line, place) => ({ id: line.info.id, place, value: value(line) }));
  const sign = sort.down ? -1 : 1;
  return keyed
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null) || a.place - b.place;
      if (a.value === b.value) return a.place - b.place;
      return a.value < b.value ? -sign : sign;
    })
    .map(({ id }) => id);
}

/** The first tap on a heading sorts the way that is looked for, the second turns it round, the third goes back. */
export function nextSort(sort: Sort, by: Column): Sort {
  const first = by === 'point' || by === 'group' || by === 'status' || by === 'since' ? false : true;
  if (sort.by !== by) return { by, down: first };
  return sort.down === first ? { by, down: !first } : { by: 'order', down: false };
}
