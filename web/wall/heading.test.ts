import { describe, expect, it } from 'vitest';
import type { PointRow } from '../wire/socket.ts';
import { sumUp } from './heading.ts';
import { info, row } from './samples.ts';

const rows = new Map<number, PointRow>(
  [
    row(1, { status: 'ok', in_room: 54 }),
    row(2, { status: 'help', in_room: 40, help: 'line' }),
    row(3, { status: 'lost', in_room: 61 }),
    row(4, { status: 'none' }),
    row(5, { status: 'ready' }),
    row(6, { status: 'none' }),
  ].map((one) => [one.id, one]),
);
const infos = new Map([1, 2, 3, 4, 5, 6].map((id) => [id, info(id, 'x', { expected: 60 })]));

describe('a group', () => {
  it('sums up its rooms: a lost one is not present, its people stay counted', () => {
    expect(sumUp([1, 2, 3, 4, 5], rows, infos)).toMatchObject({ points: 5, present: 3, ready: 2, inRoom: 155, expected: 300 });
  });

  it('marks its troubles, the gravest first, and nothing that is well', () => {
    expect(sumUp([1, 2, 3, 4, 5, 6], rows, infos).marked).toEqual([['help', 1], ['lost', 1], ['none', 2]]);
    expect(sumUp([1, 5], rows, infos).marked).toEqual([]);
  });
});
