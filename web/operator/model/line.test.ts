import { expect, it } from 'vitest';
import { NO_NEWS, look } from './line.ts';

it.each([
  [true, true, 0, 'up'],
  [false, false, 0, 'first'],
  [false, true, NO_NEWS - 1, 'trying'],
  [false, true, NO_NEWS, 'down'],
  [false, false, NO_NEWS, 'down'],
] as const)('open %s, ever open %s, broken for %d ms: %s', (open, ever, ms, expected) => {
  expect(look(open, ever, ms)).toBe(expected);
});
