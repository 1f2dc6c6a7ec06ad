import { describe, expect, it } from 'vitest';
import { byLetter, shorten } from './names.ts';

const letters = (text: string) => [...text].length;
const fit = (name: string, room: number) => shorten(name, room, letters);

describe('a name on a tile', () => {
  it('stays whole where it fits', () => {
    expect(fit('Tản Lĩnh', 8)).toBe('Tản Lĩnh');
  });

  it('loses letters from the left, never its last word', () => {
    expect(fit('Nguyễn Trung Trực', 13)).toBe('N.Trung Trực');
    expect(fit('Nguyễn Trung Trực', 9)).toBe('N.T.Trực');
    expect(fit('Nguyễn Trung Trực', 6)).toBe('T.Trực');
    expect(fit('Nguyễn Trung Trực', 3)).toBe('Trực');
  });

  it('keeps a number with the word before it, and abbreviations', () => {
    expect(fit('Xuân Phương 2', 10)).toBe('X.Phương 2');
    expect(fit('Xuân Phương 2', 4)).toBe('Phương 2');
    expect(fit('TT Yên Viên', 9)).toBe('TT Y.Viên');
  });

  it('never gains a mark that says something is missing', () => {
    for (let room = 1; room < 20; room += 1) expect(fit('Võng Xuyên Thượng Hạ', room)).not.toContain('…');
  });
});

describe('measuring by letter', () => {
  it('adds up and asks for a letter once', () => {
    const asked: string[] = [];
    const measure = byLetter((letter) => asked.push(letter) && 2);

    expect(measure('Đống Đa')).toBe(14);
    expect(measure('Đa')).toBe(4);
    expect(asked).toEqual(['Đ', 'ố', 'n', 'g', ' ', 'a']);
  });
});
