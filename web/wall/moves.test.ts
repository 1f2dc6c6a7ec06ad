import { describe, expect, it } from 'vitest';
import { beside, type Spot } from './moves.ts';

/** Two groups of two rows and two columns, side by side; the right one stands a little lower. */
const SPOTS: Spot[] = [
  { id: 1, x: 0, y: 0 }, { id: 2, x: 50, y: 0 }, { id: 3, x: 0, y: 26 }, { id: 4, x: 50, y: 26 },
  { id: 5, x: 120, y: 8 }, { id: 6, x: 170, y: 8 }, { id: 7, x: 120, y: 34 },
];
const from = (id: number) => SPOTS[id - 1]!;

describe('an arrow key', () => {
  it('goes to the neighbour that is seen there', () => {
    expect(beside(SPOTS, from(1), 1, 0)).toBe(2);
    expect(beside(SPOTS, from(2), 0, 1)).toBe(4);
    expect(beside(SPOTS, from(4), -1, 0)).toBe(3);
    expect(beside(SPOTS, from(3), 0, -1)).toBe(1);
  });

  it('crosses into the next group on about the same height', () => {
    expect(beside(SPOTS, from(2), 1, 0)).toBe(5);
    expect(beside(SPOTS, from(4), 1, 0)).toBe(7);
    expect(beside(SPOTS, from(5), -1, 0)).toBe(2);
  });

  it('stays at the edge', () => {
    expect(beside(SPOTS, from(1), -1, 0)).toBeNull();
    expect(beside(SPOTS, from(6), 1, 0)).toBeNull();
    expect(beside(SPOTS, from(1), 0, -1)).toBeNull();
  });
});
