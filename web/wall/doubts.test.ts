import { expect, it } from 'vitest';
import { Doubts, doubtful } from './doubts.ts';
import { info, row } from './samples.ts';

it('a room that has not reported is not doubtful', () => {
  expect(doubtful(row(1), info(1, 'a'))).toBe(false);
  expect(doubtful(row(1, { in_room: 600 }), info(1, 'a', { expected: 60 }))).toBe(true);
});

it('follows reports, corrections, seats that are set right, and rooms that left', () => {
  const rows = new Map([row(1, { in_room: 660 }), row(2, { in_room: 58 }), row(3, { in_room: 300 })].map((one) => [one.id, one]));
  const infos = new Map([info(1, 'a'), info(2, 'a'), info(3, 'a')].map((one) => [one.id, one]));
  const doubts = new Doubts();
  doubts.fold({ rows, infos }, rows.keys(), true);
  expect([...doubts.ids]).toEqual([1, 3]);

  rows.set(1, row(1, { in_room: 66 }));
  infos.set(3, info(3, 'a', { seats: 320 }));
  rows.set(2, row(2, { in_room: 580 }));
  doubts.fold({ rows, infos }, [1, 2, 3]);
  expect([...doubts.ids]).toEqual([2]);

  rows.delete(2);
  doubts.fold({ rows, infos }, rows.keys(), true);
  expect([...doubts.ids]).toEqual([]);
});
