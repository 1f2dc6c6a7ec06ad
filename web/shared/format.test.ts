import { describe, expect, it } from 'vitest';
import { clock, count, date, dayMonth, duration, fold, hourMinute, momentFrom, percent } from './format.ts';

describe('count', () => {
  it.each([
    [0, '0', '0'],
    [999, '999', '999'],
    [52_000, '52.000', '52,000'],
    [1_930_000, '1.930.000', '1,930,000'],
  ])('%d', (value, vietnamese, english) => {
    expect(count(value, 'vi')).toBe(vietnamese);
    expect(count(value, 'en')).toBe(english);
  });
});

describe('percent', () => {
  it('writes one decimal, with the comma of the language', () => {
    expect(percent(35_599, 35_900, 'vi')).toBe('99,2%');
    expect(percent(35_599, 35_900, 'en')).toBe('99.2%');
  });

  it('drops the decimal where the share itself is a slip', () => {
    expect(percent(999, 100, 'vi')).toBe('999%');
    expect(percent(3_030, 52, 'vi')).toBe('5.827%');
  });

  it('says nothing of nobody', () => {
    expect(percent(0, 0, 'vi')).toBe('');
  });
});

describe('duration', () => {
  it.each([
    [0, '0:00'],
    [7.9, '0:07'],
    [372, '6:12'],
    [3599, '59:59'],
    [3600, '1:00:00'],
    [3727, '1:02:07'],
    [-4, '0:00'],
  ])('%d s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('the conference clock', () => {
  it('stands in Vietnam, whatever the zone of the machine', () => {
    const morning = new Date('2026-02-07T01:31:07Z');
    expect(clock(morning)).toBe('08:31:07');
    expect(hourMinute(morning.getTime())).toBe('08:31');
  });

  it('writes midnight as 00', () => {
    expect(clock(new Date('2026-02-06T17:00:00Z'))).toBe('00:00:00');
  });

  it('turns the date at midnight in Vietnam', () => {
    expect(date(new Date('2026-02-06T16:59:59Z'))).toBe('06/02/2026');
    expect(date(new Date('2026-02-06T17:00:00Z'))).toBe('07/02/2026');
  });
});

describe('fold', () => {
  it.each([
    ['Đông Ngạc', 'dong ngac'],
    ['  PHƯỜNG   Ô Chợ Dừa ', 'phuong o cho dua'],
    ['Thượng Cát'.normalize('NFD'), 'thuong cat'],
    ['Tản Lĩnh'.normalize('NFC'), 'tan linh'],
    ['Xã 12', 'xa 12'],
  ])('%s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

describe('a moment told from now', () => {
  const now = Date.UTC(2026, 1, 7, 1, 0); // 08:00 on 07/02/2026 in Hanoi
  it.each([
    [Date.UTC(2026, 1, 7, 16, 59), '23:59'],
    [Date.UTC(2026, 1, 7, 17, 0), '00:00, 08/02'],
    [Date.UTC(2025, 11, 31, 17, 0), '00:00, 01/01'],
    [Date.UTC(2025, 11, 31, 16, 59), '23:59, 31/12/2025'],
    [Date.UTC(2027, 4, 18, 1, 0), '08:00, 18/05/2027'],
  ])('%d', (at, text) => {
    expect(momentFrom(at, now)).toBe(text);
  });

  it('of a time no calendar has is nothing', () => {
    expect(dayMonth(9e15, now)).toBe('');
  });
});
