import { describe, expect, it } from 'vitest';
import { OVERSCAN, rowForKey, rowWindow, scrollFor } from './window.ts';

describe('rowWindow', () => {
  it('draws what is in sight and a little more, however long the list', () => {
    const { first, end } = rowWindow(40_000, 37, 20_000 * 37, 740);
    expect(first).toBe(20_000 - OVERSCAN);
    expect(end).toBe(20_020 + OVERSCAN);
  });

  it.each([
    [0, 0, 740],
    [3, 0, 740],
    [3, 5000, 740],
    [100, 0, 0],
  ])('stays inside a list of %d rows', (count, top, height) => {
    const { first, end } = rowWindow(count, 37, top, height);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThanOrEqual(end);
    expect(end).toBeLessThanOrEqual(count);
  });
});

describe('scrollFor', () => {
  it.each([
    [0, 100, 0],
    [5, 100, 100],
    [40, 100, 41 * 37 - 740],
  ])('row %d from %d', (index, from, to) => {
    expect(scrollFor(index, 37, from, 740)).toBe(to);
  });
});

describe('rowForKey', () => {
  it.each([
    ['ArrowDown', 4, 5],
    ['ArrowUp', 0, 0],
    ['PageDown', 95, 99],
    ['PageUp', 50, 30],
    ['Home', 50, 0],
    ['End', 0, 99],
    ['a', 3, null],
  ])('%s', (key, at, to) => {
    expect(rowForKey(key, at, 100, 20)).toBe(to);
  });

  it('goes nowhere in an empty list', () => {
    expect(rowForKey('ArrowDown', 0, 0, 20)).toBeNull();
  });
});
