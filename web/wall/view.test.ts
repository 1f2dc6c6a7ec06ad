import { describe, expect, it } from 'vitest';
import { PLAIN, cycleFilter, keeps, readPath, readView, toggled, writeView, type View } from './view.ts';

describe('a view in the address', () => {
  it('comes back as it was', () => {
    const view: View = {
      mode: 'table', filter: ['help', 'lost', 'odd'], q: 'đông ngạc', unit: '021', point: 17, sort: { by: 'since', down: true },
    };

    expect(writeView(view)).toBe('?mode=table&unit=021&filter=help,lost,odd&q=%C4%91%C3%B4ng+ng%E1%BA%A1c&point=17&sort=-since');
    expect(readView(writeView(view))).toEqual(view);
  });

  it('is empty when nothing was chosen', () => {
    expect(writeView(PLAIN)).toBe('');
    expect(readView('')).toEqual(PLAIN);
  });

  it('leaves aside what means nothing', () => {
    expect(readView('?mode=tiles&filter=gone,lost&point=-4&sort=-weight&unit=')).toEqual({ ...PLAIN, filter: ['lost'] });
    expect(readView('?point=seven').point).toBeNull();
  });
});

describe('the filter', () => {
  it('walks through the statuses there are and back to none', () => {
    expect(cycleFilter([], ['help', 'tv'], 1)).toEqual(['help']);
    expect(cycleFilter(['help'], ['help', 'tv'], 1)).toEqual(['tv']);
    expect(cycleFilter(['tv'], ['help', 'tv'], 1)).toEqual([]);
    expect(cycleFilter([], ['help', 'tv'], -1)).toEqual(['tv']);
    expect(cycleFilter(['lost'], ['help'], 1)).toEqual(['help']);
    expect(cycleFilter([], [], 1)).toEqual([]);
  });

  it('takes statuses in and out, in the legend’s order', () => {
    expect(toggled(['lost'], 'help')).toEqual(['help', 'lost']);
    expect(toggled(['help', 'lost'], 'help')).toEqual(['lost']);
  });
});

it('a filter keeps its statuses, and doubtful headcounts of any', () => {
  expect(keeps([], 'ok', false)).toBe(true);
  expect(keeps(['lost'], 'ok', true)).toBe(false);
  expect(keeps(['lost', 'odd'], 'ok', true)).toBe(true);
  expect(keeps(['lost', 'odd'], 'lost', false)).toBe(true);
});

describe('the path', () => {
  it('names a conference or a kiosk', () => {
    expect(readPath('/wall/hn-2026')).toEqual({ conference: 'hn-2026', token: null });
    expect(readPath('/k/ABC')).toEqual({ conference: '', token: 'ABC' });
    expect(readPath('/elsewhere')).toBeNull();
  });
});
