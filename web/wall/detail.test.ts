import { describe, expect, it } from 'vitest';
import { entries, stair, steps, type JournalEvent } from './detail.ts';
import { vi } from './texts/vi.ts';

const MORNING = Date.UTC(2026, 1, 7, 1, 0, 0); // 08:00 in Hanoi
const event = (seq: number, minute: number, body: JournalEvent['body'], more: Partial<JournalEvent> = {}): JournalEvent => ({
  seq, at: MORNING + minute * 60_000, by: 'device:12.3', body, ...more,
});
const HISTORY = [
  event(1, 0, { type: 'checked_in', point: 1 }),
  event(2, 5, { type: 'headcount_reported', in_room: 40 }),
  event(4, 30, { type: 'headcount_reported', in_room: 68, absent_excused: 2 }, { occurred_at: MORNING + 20 * 60_000 }),
  event(5, 31, { type: 'help_asked', category: 'no_sound', note: 'Loa rè' }),
  event(6, 32, { type: 'help_taken', owner: 'Tuấn' }, { by: 'account:7' }),
  event(7, 33, { type: 'weather_changed' }, { by: 'moon' }),
];

describe('the headcount’s stair', () => {
  it('stands when things were true, not when they arrived', () => {
    expect(steps(HISTORY)).toEqual([
      { at: MORNING + 5 * 60_000, people: 40 },
      { at: MORNING + 20 * 60_000, people: 68 },
    ]);
  });

  it('goes flat, then up, and on to the edge', () => {
    expect(stair(steps(HISTORY), MORNING, MORNING + 40 * 60_000, 80)).toBe('M12.5 50H50V15H100');
  });

  it('stays inside its box and is nothing of nothing', () => {
    expect(stair([{ at: 5, people: 900 }], 0, 10, 100)).toBe('M50 0H100');
    expect(stair([], 0, 10, 100)).toBe('');
  });
});

describe('the timeline', () => {
  it('tells the latest first, in words, with who did it', () => {
    const list = entries(HISTORY, MORNING, vi, 'vi');

    expect(list.map((one) => one.key)).toEqual([7, 6, 5, 4, 2, 1]);
    expect(list[1]).toMatchObject({ time: '08:32:00', text: 'Nhận hỗ trợ', more: 'Tuấn', by: 'ban tổ chức' });
    expect(list[2]).toMatchObject({ text: 'Gọi hỗ trợ', more: 'Không có tiếng · Loa rè', by: 'điểm cầu' });
  });

  it('tells both times where the record came later', () => {
    expect(entries(HISTORY, MORNING, vi, 'vi')[3]).toMatchObject({
      time: '08:20:00', more: '68 người · Vắng 2 có lý do, 0 không lý do · ghi lúc 08:30:00',
    });
  });

  it('survives what it does not know, and another day', () => {
    const [latest] = entries(HISTORY, MORNING + 86_400_000, vi, 'vi');

    expect(latest).toMatchObject({ text: 'weather_changed', by: '', time: '07/02 08:33:00' });
    expect(entries(HISTORY, MORNING + 365 * 86_400_000, vi, 'vi')[0]?.time).toBe('07/02/2026 08:33:00');
  });
});
