import { describe, expect, it } from 'vitest';
import { digits, stepped } from './counting.ts';

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
