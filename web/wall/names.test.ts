import { describe, expect, it } from 'vitest';
import { byLetter, shortenAll } from './names.ts';

const letters = (text: string) => [...text].length;
const fit = (name: string, room: number) => shortenAll([name], room, letters)[0] ?? '';

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
    expect(fit('Xuân Phương 2', 9)).toBe('X.Phương2');
    expect(fit('Xuân Phương 2', 4)).toBe('Phương 2');
    expect(fit('TT Yên Viên', 9)).toBe('TT Y.Viên');
  });

  it('never gains a mark that says something is missing', () => {
    for (let room = 1; room < 20; room += 1) expect(fit('Võng Xuyên Thượng Hạ', room)).not.toContain('…');
  });
});

describe('names of one group', () => {
  it('stay different where that is possible', () => {
    expect(shortenAll(['Láng Thượng 2', 'Khương Thượng 2'], 9, letters)).toEqual(['L.Thượng2', 'K.Thượng2']);
    expect(shortenAll(['Láng Thượng 2', 'Khương Thượng 2'], 8, letters)).toEqual(['Thượng 2', 'K.T.2']);
    expect(shortenAll(['Xuân Canh', 'Xuân Canh'], 9, letters)).toEqual(['Xuân Canh', 'X.Canh']);
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
