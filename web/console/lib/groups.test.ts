import { describe, expect, it } from 'vitest';
import type { Tally, UnitView } from '../../wire/socket.ts';
import { Board } from './board.ts';
import { topGroups } from './groups.ts';

const tally = (unit: string): Tally => ({
  unit, points: 1, present: 0, attended: 0, reported: 0, expected: 0, declared: 0, absent_excused: 0,
  absent_unexcused: 0, scans: 0, opens: 0, devices: 0, playing: 0,
  statuses: { help: 0, lost: 0, weak: 0, tv: 0, none: 1, in: 0, ready: 0, ok: 0, left: 0 },
});

function boardOf(units: [string, string | null][], summed: string[]): Board {
  const board = new Board();
  board.units = units.map(([code, parent]): UnitView => ({ code, name: code, short: code, kind: '', parent }));
  for (const unit of board.units) board.unit.set(unit.code, unit);
  for (const code of summed) board.tallies.set(code, tally(code));
  return board;
}

const codes = (board: Board) => topGroups(board).map(({ unit }) => unit.code);

describe('topGroups', () => {
  it('are the units under the one top', () => {
    expect(codes(boardOf([['HN', null], ['001', 'HN'], ['002', 'HN'], ['a', '001']], ['HN', '001', '002']))).toEqual(['001', '002']);
  });

  it('are the tops where there are several', () => {
    expect(codes(boardOf([['01', null], ['79', null], ['a', '01']], ['01', '79']))).toEqual(['01', '79']);
  });

  it('pass over a chain of single units', () => {
    expect(codes(boardOf([['VN', null], ['HN', 'VN'], ['001', 'HN'], ['002', 'HN']], ['VN', 'HN', '001', '002']))).toEqual(['001', '002']);
  });

  it('stop above units that are not summed up: these only repeat their single room', () => {
    expect(codes(boardOf([['HN', null], ['001', 'HN'], ['a', '001'], ['b', '001']], ['HN', '001']))).toEqual(['001']);
  });

  it('start at the top of what may be seen, though its parent exists', () => {
    expect(codes(boardOf([['001', 'HN'], ['a', '001']], ['001']))).toEqual(['001']);
  });

  it('are none before there are units', () => {
    expect(codes(boardOf([], []))).toEqual([]);
  });
});
