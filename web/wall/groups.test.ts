import { describe, expect, it } from 'vitest';
import { Tree } from './groups.ts';
import { info, unit } from './samples.ts';
import type { PointInfo } from '../wire/socket.ts';

const UNITS = [
  unit('HN', null, 'Thành phố Hà Nội'),
  unit('001', 'HN', 'Quận Ba Đình'),
  unit('00001', '001', 'Phường Phúc Xá'),
  unit('00004', '001', 'Phường Trúc Bạch'),
  unit('271', 'HN', 'Huyện Ba Vì'),
  unit('09619', '271', 'Xã Tản Lĩnh'),
  unit('SYT', 'HN', 'Sở Y tế'),
];
const tree = new Tree(UNITS);
const codes = (top: string | null, ...points: [number, string][]) =>
  tree.groups(within(top, points.map(([id, code]) => info(id, code))), top).map((group) => [group.code, group.points]);
const within = (top: string | null, infos: PointInfo[]) =>
  tree.ordered(infos).filter((one) => top === null || tree.under(one.unit, top));

describe('the groups of the mosaic', () => {
  it('are the units that lead others, each with its own rooms first', () => {
    expect(codes(null, [5, '09619'], [2, '00001'], [1, '001'], [3, '00004'], [4, '271'])).toEqual([
      ['001', [1, 2, 3]],
      ['271', [4, 5]],
    ]);
  });

  it('gather under the top what has no unit between', () => {
    expect(codes(null, [1, 'HN'], [2, 'SYT'], [3, '00001'])).toEqual([['HN', [1, 2]], ['001', [3]]]);
  });

  it('keep all rooms of one unit together, in the order given', () => {
    expect(codes(null, [9, '00001'], [2, '00004'], [1, '00001'])).toEqual([['001', [1, 9, 2]]]);
  });

  it('below a unit are those of its subtree alone', () => {
    expect(codes('271', [1, 'HN'], [2, '00001'], [3, '271'], [4, '09619'])).toEqual([['271', [3, 4]]]);
    expect(codes('00001', [2, '00001'], [3, '00004'])).toEqual([['00001', [2]]]);
  });

  it('take a unit whose parent is out of sight for the top', () => {
    const part = new Tree([unit('271', 'HN', 'Huyện Ba Vì'), unit('09619', '271', 'Xã Tản Lĩnh')]);

    expect(part.children(null).map((one) => one.code)).toEqual(['271']);
    expect(part.groups([info(1, '09619')], null)).toMatchObject([{ code: '271', name: 'Ba Vì' }]);
  });
});

describe('the tree', () => {
  it('knows the way up, and how deep groups go', () => {
    expect(tree.path('00001').map((one) => one.code)).toEqual(['HN', '001', '00001']);
    expect(tree.under('09619', '001')).toBe(false);
    expect(tree.depth).toBe(1);
    expect(new Tree([]).depth).toBe(-1);
  });

  it('names the unit above as what every room of a unit belongs to', () => {
    expect(['HN', '001', '00001', 'SYT', 'gone'].map((code) => tree.above(code))).toEqual(['', 'Hà Nội', 'Ba Đình', 'Hà Nội', '']);
  });
});

describe('the official order', () => {
  it('goes by unit, then as the rooms were given, strays last', () => {
    const rooms = [info(9, 'elsewhere'), info(5, '09619'), info(4, '00004'), info(7, '00001'), info(3, '00001'), info(1, 'gone')];

    expect(tree.ordered(rooms).map((one) => one.id)).toEqual([3, 7, 4, 5, 1, 9]);
  });
});

describe('labels', () => {
  it('tell district, town and commune of one name apart', () => {
    const twins = new Tree([
      unit('H', null, 'Huyện Phúc Thọ'),
      { ...unit('t', 'H', 'Thị trấn Phúc Thọ'), kind: 'thị trấn' },
      unit('x', 'H', 'Xã Phúc Thọ'),
      unit('y', 'H', 'Xã Vân Hà'),
    ]);
    const points = ['H', 't', 'x', 'y'].map((code, id) => info(id, code, { short: twins.get(code)?.short ?? '' }));

    expect([...twins.labels(points).values()]).toEqual(['Huyện Phúc Thọ', 'TT Phúc Thọ', 'Phúc Thọ', 'Vân Hà']);
  });

  it('leave two rooms of one unit as they are named', () => {
    const rooms = [info(1, '00001', { short: 'Phúc Xá' }), info(2, '00001', { short: 'Phúc Xá' })];

    expect([...tree.labels(rooms).values()]).toEqual(['Phúc Xá', 'Phúc Xá']);
  });
});
