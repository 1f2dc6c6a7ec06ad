import { expect, it } from 'vitest';
import { NO_NEWS, look } from './line.ts';

it.each([
  [true, true, false, 0, 'up'],
  [false, false, false, 0, 'first'],
  [false, true, false, NO_NEWS - 1, 'trying'],
  [false, true, false, NO_NEWS, 'down'],
  [false, false, false, NO_NEWS, 'down'],
  [false, true, true, 0, 'silent'],
  [false, false, true, NO_NEWS, 'silent'],
] as const)('open %s, ever open %s, mute %s, broken for %d ms: %s', (open, everOpen, mute, brokenFor, expected) => {
  expect(look({ open, everOpen, mute, brokenFor })).toBe(expected);
});
