import { expect, it } from 'vitest';
import { perMinute } from './counts.ts';

const MINUTE = 60_000;
const NOW = 1000 * MINUTE + 30_000;

it('gives every minute its place, the latest last', () => {
  const rows: [number, number, number][] = [
    [1000 * MINUTE, 2, 1],
    [998 * MINUTE, 5, 0],
    [998 * MINUTE, 0, 1],
    [900 * MINUTE, 9, 9],
    [1001 * MINUTE, 9, 9],
  ];
  expect(perMinute(rows, NOW, 4)).toEqual([0, 6, 0, 3]);
});
