import { describe, expect, it } from 'vitest';
import type { PointRow } from '../wire/socket.ts';
import { Attention, spoken } from './attention.ts';
import { row } from './samples.ts';
import { vi } from './texts/vi.ts';

const map = (...rows: PointRow[]) => new Map(rows.map((one) => [one.id, one]));
const ids = (rows: readonly PointRow[]) => rows.map((one) => one.id);
const calls = (id: number, since: number) => row(id, { status: 'help', help: 'no_sound', since, change: 'help', change_seq: since });

describe('the rail', () => {
  it('puts first who has waited longest', () => {
    const attention = new Attention();
    attention.fold(map(calls(1, 300), calls(2, 100), calls(3, 200), row(4)), [1, 2, 3, 4], true);

    expect(ids(attention.calls)).toEqual([2, 3, 1]);
  });

  it('drops a call once it is resolved, and keeps one that was taken', () => {
    const attention = new Attention();
    const rows = map(calls(1, 300), calls(2, 100));
    attention.fold(rows, [1, 2], true);
    rows.set(1, row(1, { status: 'ok', change: 'help_resolved', change_seq: 400 }));
    rows.set(2, { ...calls(2, 100), help_owner: 'Tuấn', change: 'help_taken', change_seq: 401 });
    attention.fold(rows, [1, 2]);

    expect(attention.calls).toMatchObject([{ id: 2, help_owner: 'Tuấn' }]);
    expect(ids(attention.news)).toEqual([2, 1]);
  });

  it('keeps up who was asked, is ready or on air, and drops who was let go', () => {
    const attention = new Attention();
    const media = (air: 'asked' | 'ready' | 'on') => ({ air, playing: 0, loss: 0, freezes: 0, level: 0, picture: 0, frames: 0, voice: false });
    const rows = map(row(1, { media: media('asked') }), row(2, { media: media('ready') }), row(3));
    attention.fold(rows, [1, 2, 3], true);
    expect(ids(attention.aired)).toEqual([2, 1]);
    rows.set(1, row(1, { media: media('on') }));
    rows.set(2, row(2));
    attention.fold(rows, [1, 2]);

    expect(ids(attention.aired)).toEqual([1]);
  });

  it('lists a room once, under its last change, and not because it was added', () => {
    const attention = new Attention();
    const rows = map(row(1, { change: 'in', change_seq: 5 }), row(2, { change: 'added', change_seq: 1 }));
    attention.fold(rows, [1, 2], true);
    rows.set(1, row(1, { change: 'headcount', change_seq: 9 }));
    attention.fold(rows, [1]);

    expect(attention.news).toMatchObject([{ id: 1, change: 'headcount' }]);
  });

  it('forgets rooms that left', () => {
    const attention = new Attention();
    const rows = map(calls(1, 300), calls(2, 100));
    attention.fold(rows, [1, 2], true);
    rows.delete(2);
    attention.fold(rows, [...rows.keys()], true);

    expect(ids(attention.calls)).toEqual([1]);
    expect(ids(attention.news)).toEqual([1]);
  });

  it('keeps the list of calls as it is while no call changed', () => {
    const attention = new Attention();
    const rows = map(calls(1, 300), row(2));
    attention.fold(rows, [1, 2], true);
    const before = attention.calls;
    rows.set(2, row(2, { change: 'headcount', change_seq: 400 }));
    attention.fold(rows, [2]);

    expect(attention.calls).toBe(before);
    expect(ids(attention.news)).toEqual([2, 1]);
  });

  it('agrees with one that saw everything at once', () => {
    const step = new Attention();
    const rows = map();
    for (let seq = 1; seq <= 200; seq += 1) {
      const id = 1 + ((seq * 37) % 60);
      rows.set(id, seq % 5 === 0 ? calls(id, seq) : row(id, { change: 'headcount', change_seq: seq }));
      step.fold(rows, [id]);
    }
    const whole = new Attention();
    whole.fold(rows, rows.keys(), true);

    expect(step.calls).toEqual(whole.calls);
    expect(step.news).toEqual(whole.news);
    expect(step.news).toHaveLength(40);
  });
});

describe('what screen readers hear', () => {
  it('names a few and counts many, the gravest first', () => {
    const fallen = new Map([
      ['lost' as const, ['A', 'B', 'C', 'D']],
      ['help' as const, ['Tản Lĩnh']],
    ]);

    expect(spoken(fallen, vi.spoken, vi.statuses)).toBe('Tản Lĩnh: Cần hỗ trợ. 4 điểm cầu: Mất kết nối');
    expect(spoken(new Map(), vi.spoken, vi.statuses)).toBe('');
  });
});
