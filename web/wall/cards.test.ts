import { describe, expect, it } from 'vitest';
import { acrossOf, beside, cardLines, heightOf, inSight } from './cards.ts';

const groups = [
  { code: 'a', name: 'Ba Vì', points: [1, 2, 3, 4, 5] },
  { code: 'b', name: 'Ba Đình', points: [6, 7] },
];
const lines = cardLines(groups, 2, { head: 30, card: 100, gap: 10, between: 20 });

describe('cards', () => {
  it('stand in lines below the heading of their group', () => {
    expect(lines.map(({ ids }) => ids)).toEqual([[], [1, 2], [3, 4], [5], [], [6, 7]]);
    expect(lines.map(({ top }) => top)).toEqual([0, 30, 140, 250, 370, 400]);
    expect(heightOf(lines)).toBe(500);
  });

  it('are as many in a line as there is room for, and at least one', () => {
    expect(acrossOf(1_558, 170, 8)).toBe(8);
    expect(acrossOf(120, 170, 8)).toBe(1);
  });

  it('are made only where they are in sight', () => {
    expect(inSight(lines, 130, 250).map(({ ids }) => ids)).toEqual([[3, 4]]);
    expect(inSight(lines, 0, 40).map(({ ids }) => ids)).toEqual([[], [1, 2]]);
    expect(inSight(lines, 600, 700)).toEqual([]);
    expect(inSight(lines, 380, 900).map(({ ids }) => ids)).toEqual([[], [6, 7]]);
  });

  it('are walked through by the arrows, over headings and short lines', () => {
    expect(beside(lines, 4, { by: 1 })).toBe(5);
    expect(beside(lines, 4, { line: 1 })).toBe(5);
    expect(beside(lines, 5, { line: 1 })).toBe(6);
    expect(beside(lines, 6, { by: -1 })).toBe(5);
    expect(beside(lines, 1, { line: -1 })).toBe(1);
    expect(beside(lines, null, { by: 1 })).toBe(1);
  });
});
