import { describe, expect, it } from 'vitest';
import type { Phase, PointView } from '../../wire/socket.ts';
import { openable, scene, strip, type Scene, type Step } from './steps.ts';

const point = (more: Partial<PointView>): PointView => ({
  id: 1, title: '', group: '', room: '', address: '', seats: 0, expected: 0,
  status: 'none', stage: 'none', stage_at: 0, tv: false, line: 'none', closed: false,
  headcount: null, help: null, code: null, air: 'none', ...more,
});
const headcount = { in_room: 66, absent_excused: null, absent_unexcused: null, occurred_at: 1, received_at: 1 };

describe('the one next step', () => {
  it.each<[Phase, Partial<PointView>, Scene]>([
    ['draft', {}, 'not_begun'],
    ['rehearsal', {}, 'check_in'],
    ['live', { stage: 'in' }, 'ready'],
    ['live', { stage: 'in', headcount }, 'ready'],
    ['live', { stage: 'ready' }, 'headcount'],
    ['live', { stage: 'ready', headcount }, 'follow'],
    ['live', { stage: 'left', headcount }, 'left'],
    ['closed', { stage: 'ready', headcount }, 'ended'],
    ['live', { stage: 'ready', headcount, closed: true }, 'point_closed'],
  ])('%s %o: %s', (phase, more, expected) => {
    expect(scene(point(more), phase)).toBe(expected);
  });

  it('is another one when the person asks for it and it makes sense', () => {
    expect(scene(point({ stage: 'in' }), 'live', 'headcount')).toBe('headcount');
    expect(scene(point({ stage: 'left', headcount }), 'closed', 'headcount')).toBe('headcount');
    expect(scene(point({ stage: 'none' }), 'live', 'headcount')).toBe('check_in');
    expect(scene(point({ stage: 'ready' }), 'live', 'follow')).toBe('headcount');
  });

  it.each<[Phase, Partial<PointView>, Step[]]>([
    ['draft', { stage: 'in' }, []],
    ['live', {}, []],
    ['live', { stage: 'in' }, ['ready', 'headcount']],
    ['live', { stage: 'ready', headcount }, ['ready', 'headcount', 'follow']],
    ['closed', { stage: 'ready', headcount }, ['headcount']],
    ['live', { stage: 'ready', headcount, closed: true }, []],
  ])('%s %o may open %o', (phase, more, expected) => {
    const steps: Step[] = ['check_in', 'ready', 'headcount', 'follow'];
    expect(steps.filter((step) => openable(point(more), phase, step))).toEqual(expected);
  });
});

describe('the strip', () => {
  it('tells what is done, what waits for the server, and where we are', () => {
    const shown = { point: point({ stage: 'ready' }), unsure: new Set(['headcount'] as const) };
    const states = strip(shown, 'live', 'headcount').map(({ state, now }) => [state, now]);
    expect(states).toEqual([['done', false], ['done', false], ['ahead', true], ['ahead', false]]);
  });

  it('marks a step that rests on an unanswered tap', () => {
    const shown = { point: point({ stage: 'ready', headcount }), unsure: new Set(['headcount'] as const) };
    expect(strip(shown, 'live', 'follow').map(({ state }) => state)).toEqual(['done', 'done', 'waiting', 'ahead']);
  });
});
