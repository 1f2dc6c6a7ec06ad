import { describe, expect, it } from 'vitest';
import { info, row } from './samples.ts';
import { nextSort, sorted, type Line } from './table.ts';

const line = (id: number, title: string, in_room: number | null, status: Line['row']['status'] = 'ok'): Line => ({
  info: info(id, 'x', { title, expected: 50 }),
  row: row(id, { in_room, status }),
  group: () => 'Ba Vì',
});
const lines = [line(1, 'Xã Vân Hòa', 40), line(2, 'Xã Đông Quang', null, 'help'), line(3, 'Phường An Khánh', 40, 'lost'), line(4, 'Xã Tản Lĩnh', 55)];
const by = (column: Parameters<typeof nextSort>[1], down = false) => sorted(lines, { by: column, down });

describe('the table', () => {
  it('stands in the official order until somebody asks otherwise', () => {
    expect(by('order')).toEqual([1, 2, 3, 4]);
  });

  it('sorts numbers both ways, equals in the official order, what is not known last', () => {
    expect(by('people')).toEqual([1, 3, 4, 2]);
    expect(by('people', true)).toEqual([4, 1, 3, 2]);
  });

  it('sorts names without their kind and by their letters, not their accents', () => {
    expect(by('point')).toEqual([3, 2, 4, 1]);
  });

  it('sorts statuses the gravest first', () => {
    expect(by('status')).toEqual([2, 3, 1, 4]);
  });
});

describe('a heading', () => {
  it('sorts, turns round, and goes back to the official order', () => {
    const first = nextSort({ by: 'order', down: false }, 'people');
    const second = nextSort(first, 'people');

    expect([first, second, nextSort(second, 'people')]).toEqual([
      { by: 'people', down: true },
      { by: 'people', down: false },
      { by: 'order', down: false },
    ]);
    expect(nextSort(first, 'since')).toEqual({ by: 'since', down: false });
  });
});
