import { describe, expect, it } from 'vitest';
import type { Phase, Tally } from '../../wire/socket.ts';
import { gates, type Facts } from './readiness.ts';

const START = Date.parse('2023-05-18T01:00:00Z');
const MINUTE = 60_000;

const TALLY: Tally = {
  unit: '', points: 766, present: 702, attended: 702, reported: 188, expected: 52_000, declared: 9_000,
  absent_excused: 0, absent_unexcused: 0, scans: 0, opens: 0, devices: 700, playing: 0,
  statuses: { help: 0, lost: 2, weak: 1, tv: 3, none: 64, in: 90, ready: 606, ok: 0, left: 0 },
};

const facts = (phase: Phase = 'rehearsal', over: Partial<Tally> = {}): Facts => ({
  tally: { ...TALLY, ...over }, startsAt: START, phase, documents: [4, 4], withExpected: 766,
});

const states = (now: number, phase?: Phase) => gates(facts(phase), now).map((gate) => gate.state);

describe('gates', () => {
  it.each([
    [-26 * 60, ['now', 'next', 'next', 'next']],
    [-120, ['past', 'now', 'next', 'next']],
    [-42, ['past', 'past', 'now', 'next']],
    [-5, ['past', 'past', 'past', 'now']],
    [5, ['past', 'past', 'past', 'now']],
  ])('%d minutes from the start', (minutes, expected) => {
    expect(states(START + minutes * MINUTE)).toEqual(expected);
  });

  it('a conference that runs stands at the last gate, whatever was announced', () => {
    expect(states(START - 60 * 60 * MINUTE, 'live')).toEqual(['past', 'past', 'past', 'now']);
  });

  it('counts what each gate asks for', () => {
    const [day, hour, quarter, start] = gates(facts(), START - 42 * MINUTE);
    expect(day?.items.map(({ key, value, of, state }) => [key, value, of, state])).toEqual([
      ['withExpected', 766, 766, 'done'], ['documents', 4, 4, 'done'], ['pointList', 766, 0, 'done'],
    ]);
    expect(hour?.items.at(-1)).toEqual({ key: 'nobody', value: 64, of: null, state: 'late' });
    expect(quarter?.items[0]).toEqual({ key: 'ready', value: 609, of: 766, state: 'part' });
    expect(start?.items[1]).toMatchObject({ key: 'people', value: 9_000, of: 52_000, state: 'todo' });
  });

  it('has no trouble to tell of before there are points', () => {
    const empty = gates({ ...facts('draft', { points: 0, attended: 0, present: 0, expected: 0, declared: 0 }), withExpected: 0 }, START);
    expect(empty.every((gate) => gate.share >= 0 && gate.share <= 1)).toBe(true);
  });
});
