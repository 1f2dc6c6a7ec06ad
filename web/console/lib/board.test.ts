import { beforeEach, describe, expect, it } from 'vitest';
import type { PointInfo, PointRow, Snapshot, Status, Tally, UnitView } from '../../wire/socket.ts';
import { Board, NO_FILTER, filterItems, sortItems } from './board.ts';

const unit = (code: string, name: string, parent: string | null): UnitView => ({
  code, name, short: name.replace(/^(Quận|Phường|Xã|Huyện) /, ''), kind: '', parent,
});

const info = (id: number, code: string, title: string, expected = 40): PointInfo => ({
  id, unit: code, title, short: title, seats: 60, expected, room: '', address: '',
});

const row = (id: number, status: Status, in_room: number | null = null): PointRow => ({
  id, status, since: 0, in_room, absent_excused: null, absent_unexcused: null, reported_at: null, scans: 0, opens: 0,
  devices: 0, quality: 'unknown', help: null, help_owner: null, change: 'added', change_at: 0, change_seq: 0,
  media: null,
});

const tally = (code: string, points: number): Tally => ({
  unit: code, points, present: 0, attended: 0, reported: 0, expected: 0, declared: 0, absent_excused: 0,
  absent_unexcused: 0, scans: 0, opens: 0, devices: 0, playing: 0,
  statuses: { help: 0, lost: 0, weak: 0, tv: 0, none: points, in: 0, ready: 0, ok: 0, left: 0 },
});

const SNAPSHOT: Snapshot = {
  t: 'snapshot', epoch: 'e1', seq: 10, now: 0, documents: [], notices: [], degraded: false, held: false,
  conference: {
    id: 'c1', title: 'Hội nghị', starts_at: 0, phase: 'draft', phase_at: 0, place: '', help_phone: '', code: null,
    code_expires_at: null, on_air: null,
  },
  units: [unit('HN', 'Hà Nội', null), unit('001', 'Quận Ba Đình', 'HN'), unit('00001', 'Phường Phúc Xá', '001'),
    unit('017', 'Huyện Đông Anh', 'HN'), unit('00454', 'Xã Cổ Loa', '017')],
  infos: [info(1, '00001', 'Phường Phúc Xá', 55), info(2, '00454', 'Xã Cổ Loa', 80), info(3, '017', 'Huyện Đông Anh')],
  rows: [row(1, 'ready', 53), row(2, 'none'), row(3, 'in')],
  tallies: [tally('', 3)],
};

let board: Board;

beforeEach(() => {
  board = new Board();
  board.receive(structuredClone(SNAPSHOT));
});

const ids = (filter: object) => filterItems(board, { ...NO_FILTER, ...filter }).map((item) => item.info.id);

describe('Board', () => {
  it('names the group of a point', () => {
    expect(board.items.get(1)?.group).toBe('Ba Đình');
    expect(board.path('00454')).toEqual(['Hà Nội', 'Huyện Đông Anh', 'Xã Cổ Loa']);
  });

  it('takes full values of what changed and leaves the rest', () => {
    board.receive({ t: 'frame', seq: 11, now: 0, rows: [row(2, 'in', 7)], tallies: [tally('', 9)] });
    expect(board.seq).toBe(11);
    expect(board.items.get(2)?.row.in_room).toBe(7);
    expect(board.items.get(1)?.row.in_room).toBe(53);
    expect(board.whole?.points).toBe(9);
  });

  it('adds, renames and removes points', () => {
    board.receive({
      t: 'frame', seq: 12, now: 0, infos: [info(4, '00454', 'Phòng 2'), info(1, '00001', 'Phúc Xá mới')],
      rows: [row(4, 'none')], removed: [3],
    });
    expect([...board.items.keys()]).toEqual([1, 2, 4]);
    expect(board.items.get(1)?.info.title).toBe('Phúc Xá mới');
    expect(ids({ text: 'phuc xa moi' })).toEqual([1]);
  });

  it('finds points by the new name of their unit', () => {
    const units = SNAPSHOT.units.map((one) => (one.code === '017' ? unit('017', 'Huyện Mê Linh', 'HN') : one));
    board.receive({ t: 'frame', seq: 11, now: 0, units });
    expect(ids({ text: 'me linh' })).toEqual([2, 3]);
  });

  it('starts anew with a second snapshot', () => {
    board.receive({ ...structuredClone(SNAPSHOT), epoch: 'e2', seq: 3, infos: [], rows: [], tallies: [] });
    expect([board.epoch, board.seq, board.items.size, board.whole]).toEqual(['e2', 3, 0, null]);
  });
});

describe('filterItems', () => {
  it.each([
    ['co loa', [2]],
    ['DONG ANH', [2, 3]],
    ['loa cổ', [2]],
    ['00001', [1]],
    ['không có', []],
  ])('finds %s without accents and in any order', (text, found) => {
    expect(ids({ text })).toEqual(found);
  });

  it('keeps a subtree', () => {
    expect(ids({ unit: '017' })).toEqual([2, 3]);
    expect(ids({ unit: 'HN' })).toEqual([1, 2, 3]);
  });

  it('keeps one status, or who is in the room and has not reported', () => {
    expect(ids({ status: 'none' })).toEqual([2]);
    expect(ids({ status: 'unreported' })).toEqual([3]);
  });
});

describe('sortItems', () => {
  const order = (key: Parameters<typeof sortItems>[1], descending = false) =>
    sortItems([...board.items.values()], key, descending).map((item) => item.info.id);

  it('sorts by what the heading says', () => {
    expect(order('order', true)).toEqual([1, 2, 3]);
    expect(order('expected')).toEqual([3, 1, 2]);
    expect(order('expected', true)).toEqual([2, 1, 3]);
    expect(order('reported', true)).toEqual([1, 2, 3]);
    expect(order('name')).toEqual([3, 1, 2]);
  });
});
