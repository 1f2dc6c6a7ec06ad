import { describe, expect, it } from 'vitest';
import { csv, refusedCsv } from './csv.ts';

describe('csv', () => {
  it('opens in Excel with its accents', () => {
    expect(csv([['Điểm cầu']])).toBe('\uFEFFĐiểm cầu\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['nói "được"', '"nói ""được"""'],
    ['hai\ndòng', '"hai\ndòng"'],
    ['=1+1', "'=1+1"],
    ['@lệnh', "'@lệnh"],
    [-5, '-5'],
  ])('%j', (value, written) => {
    expect(csv([[value]])).toBe(`\uFEFF${written}\r\n`);
  });
});

describe('refusedCsv', () => {
  it('keeps the refused rows alone, with the number a spreadsheet shows', () => {
    const text = refusedCsv(
      [
        { row: 2, verdict: 'added', code: '1', name: 'A' },
        { row: 7, verdict: 'refused', code: '', name: 'B', error: { code: 'empty', message: 'Thiếu mã' } },
      ],
      { row: 'Dòng', code: 'Mã', name: 'Tên', reason: 'Lý do' },
    );
    expect(text).toBe('\uFEFFDòng,Mã,Tên,Lý do\r\n7,,B,Thiếu mã\r\n');
  });
});
