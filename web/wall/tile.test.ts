import { describe, expect, it } from 'vitest';
import { info, row } from './samples.ts';
import { face, waiting } from './tile.ts';

const room = info(1, '001', { expected: 60 });
const at = (seconds: number) => seconds * 1000;

describe('a tile', () => {
  it('of a healthy room tells how many, of a lost or calling one how long', () => {
    expect(face(row(1, { status: 'ok', in_room: 54 }), room, 'M', 0)).toMatchObject({ number: '54', mark: false });
    expect(face(row(1, { status: 'lost', in_room: 54, since: at(10) }), room, 'M', at(382)).number).toBe('6:12');
    expect(face(row(1, { status: 'help', in_room: 54, since: at(10) }), room, 'L', at(382))).toMatchObject({ number: '6:12', fill: null });
  });

  it('shows as much as there is room for', () => {
    const full = row(1, { status: 'weak', in_room: 45 });

    expect(face(full, room, 'L', 0)).toEqual({ number: '45', small: '/60', fill: 75, mark: true });
    expect(face(full, room, 'M', 0)).toEqual({ number: '45', small: '', fill: null, mark: true });
    expect(face(full, room, 'S', 0)).toEqual({ number: '', small: '', fill: null, mark: true });
    expect(face(row(1, { status: 'ok', in_room: 45 }), room, 'S', 0).number).toBe('45');
    expect(face(row(1, { status: 'ok', in_room: 45 }), room, 'XS', 0)).toMatchObject({ number: '', mark: false });
  });

  it('tells an empty room from one that has not counted', () => {
    expect(face(row(1, { status: 'none' }), room, 'M', 0).number).toBe('0/60');
    expect(face(row(1, { status: 'in' }), room, 'M', 0).number).toBe('–');
    expect(face(row(1, { status: 'in', in_room: 0 }), room, 'L', 0)).toMatchObject({ number: '0', fill: 0 });
  });

  it('never shows a bar longer than the tile, or one of nothing expected', () => {
    expect(face(row(1, { status: 'ok', in_room: 90 }), room, 'L', 0).fill).toBe(100);
    expect(face(row(1, { status: 'ok', in_room: 90 }), info(1, '001', { expected: 0 }), 'L', 0)).toMatchObject({ fill: null, small: '' });
  });
});

describe('a waiting time', () => {
  it('stays short enough for a tile', () => {
    expect([7, 754, 3720, 37_000, 400_000].map((seconds) => waiting(at(seconds)))).toEqual(['0:07', '12:34', '1h02', '10h16', '111h']);
  });

  it('of a clock that runs ahead is nothing', () => {
    expect(waiting(-5000)).toBe('0:00');
  });
});
