import { describe, expect, it } from 'vitest';
import { Tree } from './groups.ts';
import { Outline, type OutlineView } from './outline.ts';
import { info, unit } from './samples.ts';

const tree = new Tree([unit('HN'), unit('001', 'HN'), unit('a', '001'), unit('b', '001'), unit('002', 'HN'), unit('c', '002')]);
const outline = new Outline(tree, [info(1, 'HN'), info(2, '001'), info(3, 'a'), info(4, 'b'), info(5, 'c')]);
const keys = (view: Partial<OutlineView>) =>
  outline.lines({ top: null, open: new Set(), only: null, ...view }).map((line) => '.'.repeat(line.depth) + line.key);

describe('the outline', () => {
  it('opens level by level, rooms after the deepest', () => {
    expect(keys({ open: outline.openTo(0) })).toEqual(['uHN']);
    expect(keys({ open: outline.openTo(1) })).toEqual(['uHN', '.p1', '.u001', '.u002']);
    expect(keys({ open: outline.openTo(2) })).toEqual(['uHN', '.p1', '.u001', '..p2', '..p3', '..p4', '.u002', '..p5']);
  });

  it('may begin at any unit', () => {
    expect(keys({ top: '001', open: new Set(['001']) })).toEqual(['u001', '.p2', '.p3', '.p4']);
  });

  it('leaves out rooms that are not asked for, and units that hold none of them', () => {
    expect(keys({ open: outline.openTo(2), only: new Set([4]) })).toEqual(['uHN', '.u001', '..p4']);
    expect(keys({ only: new Set() })).toEqual([]);
  });
});
