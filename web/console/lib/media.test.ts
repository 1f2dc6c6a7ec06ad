import { describe, expect, it } from 'vitest';
import { texts as t } from '../texts/vi.ts';
import { bridgeState, incoming, pointOf, rate, streamName } from './media.ts';
import type { Bridge } from './types.ts';

const come = (stream: string) => ({ conference: 'c', stream, bit_rate: 0, loss: 0, qualities: 1 });
const bridge = (more: Partial<Bridge>): Bridge => ({
  name: 'cau-1', url: 'https://cau1', alive: true, draining: false, viewers: 10, capacity: 700, busy: 0.2, seen_at: 0, ...more,
});

describe('streams', () => {
  it('are named as people call them', () => {
    const name = (stream: string) => streamName(stream, t, (point) => `Xã ${point}`);
    expect(['main', 'spare', 'point/17', 'talk/3'].map(name)).toEqual(['Luồng chính', 'Luồng dự phòng', 'Xã 17', 'Nói riêng với Xã 3']);
    expect(name('point'), 'one that the reader may not see').toBe('Một điểm cầu của đơn vị khác');
    expect(pointOf('programme')).toBeNull();
  });

  it('stand with the hall first, and without what a room tries out', () => {
    const order = incoming(['point/9', 'spare', 'check/2', 'point/4', 'main'].map(come)).map(({ stream }) => stream);
    expect(order).toEqual(['main', 'spare', 'point/4', 'point/9']);
  });

  it('have a rate in the unit that a person would use', () => {
    expect([rate(340_400, 'vi'), rate(1_240_000, 'vi'), rate(1_240_000, 'en')]).toEqual(['340 kbit/s', '1,2 Mbit/s', '1.2 Mbit/s']);
  });
});

describe('a bridge', () => {
  it('is told dead before all else, then drained, then full', () => {
    expect(bridgeState(bridge({ alive: false, draining: true }))).toBe('dead');
    expect(bridgeState(bridge({ draining: true }))).toBe('draining');
    expect(bridgeState(bridge({ draining: true, viewers: 0 }))).toBe('empty');
    expect(bridgeState(bridge({ viewers: 650 }))).toBe('busy');
    expect(bridgeState(bridge({ busy: 0.9 }))).toBe('busy');
    expect(bridgeState(bridge({}))).toBe('works');
  });
});
