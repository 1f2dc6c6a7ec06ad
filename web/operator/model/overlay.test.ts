import { describe, expect, it } from 'vitest';
import type { PointView } from '../../wire/socket.ts';
import type { Entry, RoomCommand } from './outbox.ts';
import { overlay, superseded } from './overlay.ts';

const truth: PointView = {
  id: 1, title: 'Xã Tản Lĩnh', group: 'Huyện Ba Vì', room: 'Hội trường', address: '', seats: 80, expected: 72,
  status: 'none', stage: 'none', stage_at: 0, tv: false, line: 'none', closed: false,
  headcount: null, help: null, code: null, air: 'none',
};

let n = 0;
const tap = (command: RoomCommand, more: Partial<Entry> = {}): Entry => ({
  id: `tap-${++n}`, n, command, tappedAt: 1_000, ...more,
});
const count = (in_room: number): RoomCommand => ({ type: 'report_headcount', point: 1, in_room });

describe('the overlay', () => {
  it('shows the truth where nothing waits', () => {
    expect(overlay(truth, 5, [], 0)).toEqual({ point: truth, unsure: new Set() });
  });

  it('lays what waits over the truth, in order, at the time of the tap by the server’s clock', () => {
    const entries = [tap({ type: 'check_in', point: 1 }), tap({ type: 'ready', point: 1 }), tap(count(60)), tap(count(66))];
    const shown = overlay(truth, 5, entries, 500);
    expect(shown.point).toMatchObject({ stage: 'ready', stage_at: 1_500, headcount: { in_room: 66, occurred_at: 1_500 } });
    expect(shown.unsure).toEqual(new Set(['entry', 'stage', 'headcount']));
  });

  it('takes a refused tap back', () => {
    const refused = tap({ type: 'check_in', point: 1 }, { answer: { kind: 'refused', at: 1, code: 'not_begun', message: '' } });
    expect(overlay(truth, 5, [refused], 0).point.stage).toBe('none');
  });

  it('holds an accepted tap until the truth has caught up with it, without calling it unsure', () => {
    const accepted = tap({ type: 'check_in', point: 1 }, { answer: { kind: 'done', at: 1, seq: 6 } });
    expect(overlay(truth, 5, [accepted], 0)).toMatchObject({ point: { stage: 'in' }, unsure: new Set() });
    expect(overlay({ ...truth, stage: 'left' }, 6, [accepted], 0).point.stage).toBe('left');
  });

  it.each<[string, Partial<PointView>, RoomCommand, Partial<PointView>]>([
    ['a second check-in changes nothing', { stage: 'ready', stage_at: 9 }, { type: 'check_in', point: 1 }, { stage: 'ready', stage_at: 9 }],
    ['ready needs the room to be in', {}, { type: 'ready', point: 1 }, { stage: 'none' }],
    ['not ready goes back to in', { stage: 'ready' }, { type: 'ready', point: 1, ready: false }, { stage: 'in' }],
    ['television brings a room in', {}, { type: 'follow_tv', point: 1 }, { tv: true, stage: 'in' }],
    ['the line takes television off', { tv: true, stage: 'in' }, { type: 'follow_tv', point: 1, on: false }, { tv: false, stage: 'in' }],
    ['a yes makes the room ready to speak', { air: 'asked' }, { type: 'answer_air', point: 1 }, { air: 'ready' }],
    ['a yes that nobody asked for changes nothing', {}, { type: 'answer_air', point: 1 }, { air: 'none' }],
    ['a no ends it, also from the air', { air: 'on' }, { type: 'answer_air', point: 1, accept: false }, { air: 'none' }],
    ['leaving ends speaking', { air: 'on' }, { type: 'leave', point: 1 }, { stage: 'left', air: 'none' }],
    [
      'leaving ends television and the call for help',
      { tv: true, stage: 'in', help: { category: 'line', since: 1, note: '', owner: null } },
      { type: 'leave', point: 1 },
      { tv: false, stage: 'left', help: null },
    ],
    [
      'asking again keeps the place in the queue and whoever took it',
      { help: { category: 'line', since: 7, note: '', owner: 'Tuấn' } },
      { type: 'ask_help', point: 1, category: 'no_sound', note: 'ù' },
      { help: { category: 'no_sound', since: 7, note: 'ù', owner: 'Tuấn' } },
    ],
    ['resolved help is gone', { help: { category: 'line', since: 7, note: '', owner: null } }, { type: 'resolve_help', point: 1 }, { help: null }],
  ])('%s', (_, before, command, after) => {
    expect(overlay({ ...truth, ...before }, 5, [tap(command)], 0).point).toMatchObject(after);
  });
});

describe('what a later tap replaces', () => {
  it('is an older headcount, in sight only: both stay in the list', () => {
    const [old, help, young] = [tap(count(60)), tap({ type: 'ask_help', point: 1, category: 'line' }), tap(count(66))];
    expect(superseded([old!, help!, young!])).toEqual(new Set([old!.id]));
  });
});
