import { describe, expect, it } from 'vitest';
import { Tree } from './groups.ts';
import { info, unit } from './samples.ts';
import { Index } from './search.ts';

const tree = new Tree([unit('001', null, 'Quận Ba Đình'), unit('1', '001'), unit('006', null, 'Quận Đống Đa'), unit('2', '006')]);
const rooms = [
  info(1, '1', { title: 'Phường Đống Mác', short: 'Đống Mác' }),
  info(2, '2', { title: 'Phường Khương Thượng', short: 'Khương Thượng' }),
  info(3, '006', { title: 'Quận Đống Đa', short: 'Đống Đa' }),
  info(4, '1', { title: 'Phường Hàng Đống', short: 'Hàng Đống', room: 'Hội trường B' }),
];
const index = new Index(rooms, tree);

describe('search', () => {
  it('needs no accents, and reads them composed or not', () => {
    expect(index.find('khuong thuong')).toEqual([2]);
    expect(index.find('Khương Thượng'.normalize('NFD'))).toEqual([2]);
  });

  it('puts the name itself first, then beginnings, then what is known by its district', () => {
    expect(index.find('dong da')).toEqual([3, 2]);
    expect(index.find('đống')).toEqual([1, 3, 4, 2]);
  });

  it('takes words in any order, from any part', () => {
    expect(index.find('ba dinh hang')).toEqual([4]);
    expect(index.find('truong hoi')).toEqual([4]);
  });

  it('reads names as far as there is time, and finds the same before and after', () => {
    const slow = new Index(rooms, tree);
    let read = 0;
    expect(slow.prepare(() => (read += 1) === 2)).toBe(false);
    expect(slow.find('đống')).toEqual(index.find('đống'));
    expect(slow.prepare(() => true)).toBe(true);
  });

  it('of nothing finds nothing', () => {
    expect(index.find('   ')).toEqual([]);
    expect(index.find('cần thơ')).toEqual([]);
  });
});
