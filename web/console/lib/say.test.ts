import { describe, expect, it } from 'vitest';
import { texts } from '../texts/vi.ts';
import { ago, fromFields, longMoment, moment, passwordState, phone, shortMoment, size, toFields, wholePercent } from './say.ts';

const START = Date.parse('2023-05-18T01:00:00Z');

describe('times', () => {
  it('are written 24 h dd/mm/yyyy on the clock of Vietnam', () => {
    expect(moment(START)).toBe('18/05/2023 08:00');
    expect(moment(START, { seconds: true })).toBe('18/05/2023 08:00:00');
    expect(longMoment(START, 'vi')).toBe('Thứ Năm, 18/05/2023, 08:00');
    expect(longMoment(START, 'en')).toBe('Thursday, 18/05/2023, 08:00');
  });

  it('leave the date out today', () => {
    expect(shortMoment(START, START + 3_600_000)).toBe('08:00');
    expect(shortMoment(START, START + 86_400_000)).toBe('18/05/2023 08:00');
  });

  it('go into form fields and come back the same', () => {
    expect(toFields(START)).toEqual({ day: '2023-05-18', time: '08:00' });
    expect(fromFields('2023-05-18', '08:00')).toBe(START);
    expect(fromFields('2023-05-18', '')).toBeNull();
  });

  it.each([
    [20_000, 'vừa xong'],
    [5 * 60_000, '5 phút trước'],
    [3 * 3_600_000, '3 giờ trước'],
    [50 * 3_600_000, '2 ngày trước'],
  ])('%d ms ago', (age, text) => {
    expect(ago(START, START + age, texts)).toBe(text);
  });
});

describe('size', () => {
  it.each([
    [1, '1 kB', '1 kB'],
    [340_400, '340 kB', '340 kB'],
    [4_230_000, '4,2 MB', '4.2 MB'],
    [199_800_000, '200 MB', '200 MB'],
  ])('%d bytes', (bytes, vietnamese, english) => {
    expect(size(bytes, 'vi')).toBe(vietnamese);
    expect(size(bytes, 'en')).toBe(english);
  });
});

describe('wholePercent', () => {
  it('never calls almost all all', () => {
    expect(wholePercent(765, 766, 'vi')).toBe('99%');
    expect(wholePercent(766, 766, 'vi')).toBe('100%');
    expect(wholePercent(0, 0, 'vi')).toBe('');
  });
});

describe('phone', () => {
  it.each([
    ['0912345678', '0912 345 678'],
    ['0912.345.678', '0912 345 678'],
    ['+84 24 3825', '+84 24 3825'],
  ])('%s', (number, text) => {
    expect(phone(number)).toBe(text);
  });
});

describe('passwordState', () => {
  it.each([
    ['', 'ha', 12, false],
    ['ngắn quá', 'ha', 4, false],
    ['cầu nối yêu thương', 'ha', 0, false],
    ['aaaaaaaaaaaaaa', 'ha', 0, true],
    ['thuha2023thuha', 'thuha', 0, true],
  ])('%s', (password, login, missing, simple) => {
    expect(passwordState(password, login)).toEqual({ missing, simple });
  });
});
