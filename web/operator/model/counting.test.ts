import { describe, expect, it } from 'vitest';
import { digits, stepped, unlikely } from './counting.ts';

describe('typing a number', () => {
  it.each([
    ['68', '68'],
    ['', ''],
    ['1.024 người', '1024'],
    ['007', '7'],
    ['0', '0'],
    ['99999', '20000'],
    ['-5', '5'],
    ['abc', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(digits(text)).toBe(expected);
  });
});

describe('stepping', () => {
  it.each([
    [68, 1, '69'],
    [3, -10, '0'],
    [null, 5, '5'],
    [19_998, 10, '20000'],
  ])('%s by %d', (value, by, expected) => {
    expect(stepped(value, by)).toBe(expected);
  });
});

describe('an unlikely number', () => {
  it('is asked about when it is more than half above what the room is for', () => {
    expect(unlikely(3030, 30, 30)).toBe(true);
    expect(unlikely(46, 30, 30)).toBe(true);
    expect(unlikely(45, 30, 30)).toBe(false);
    expect(unlikely(80, 30, 72)).toBe(false);
  });

  it('is not asked about where nothing is known of the room', () => {
    expect(unlikely(500, 0, 0)).toBe(false);
  });
});
