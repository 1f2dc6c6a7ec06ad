import { expect, it } from 'vitest';
import { unlikely } from './headcount.ts';

it.each([
  [3030, 30, 30, true],
  [46, 30, 30, true],
  [45, 30, 30, false],
  [80, 30, 72, false],
  [150, 60, 0, true],
])('%d people, %d seats, %d expected: unlikely %s', (people, seats, expected, odd) => {
  expect(unlikely(people, seats, expected)).toBe(odd);
});

it('a few people more alarm nobody, however small the room', () => {
  expect(unlikely(14, 4, 4)).toBe(false);
  expect(unlikely(15, 4, 4)).toBe(true);
});

it('nothing is unlikely where nothing is known of the room', () => {
  expect(unlikely(500, 0, 0)).toBe(false);
});
