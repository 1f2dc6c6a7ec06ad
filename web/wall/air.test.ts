import { describe, expect, it } from 'vitest';
import { airSteps, inOrder, insteadOf, type Air } from './air.ts';
import { row } from './samples.ts';

const room = (air: Air, id = 7) => row(id, { media: { air, playing: 0, loss: 0, freezes: 0, level: 0, picture: 0, frames: 0, voice: false } });
const words = (air: Air, onAir: number | null, whole = true) => airSteps(room(air), { onAir, whole }).map((step) => step.word);

describe('a room on air', () => {
  it('is asked, waited for, put on, taken back and let go, one step after the other', () => {
    expect(airSteps(row(7), { onAir: null, whole: true })).toEqual([
      { word: 'ask', command: { type: 'ask_air', point: 7 }, main: false, cuts: false },
    ]);
    expect(words('asked', null)).toEqual(['withdraw']);
    expect(words('ready', null)).toEqual(['put', 'letGo']);
    expect(words('on', 7)).toEqual(['takeBack', 'cutOff']);
  });

  it('is asked about only where somebody is cut who cannot be had back at once', () => {
    const cutting = (air: Air, onAir: number | null) =>
      airSteps(room(air), { onAir, whole: true }).filter((step) => step.cuts).map((step) => step.word);
    expect(cutting('ready', null)).toEqual([]);
    expect(cutting('ready', 3)).toEqual(['replace']);
    expect(cutting('on', 7)).toEqual(['cutOff']);
  });

  it('is put on air by who has the whole conference alone', () => {
    expect(words('ready', null, false)).toEqual(['letGo']);
    expect(words('on', 7, false)).toEqual([]);
    expect(words('none', 3, false)).toEqual(['ask']);
  });

  it('stands before those that wait', () => {
    expect(inOrder([room('asked', 1), room('ready', 4), room('on', 9), room('ready', 2)]).map(({ id }) => id)).toEqual([9, 2, 4, 1]);
  });
});

it.each([
  ['b', 'point/7', null], ['b', 'main', 'hall'], ['b', 'spare', 'hall'], ['b', null, 'slate'],
  ['b', 'point/8', null], ['b', 'point', null], [null, null, null],
] as const)('of room 7 on air: the bridge %s shows %s, so in its place is %s', (bridge, showing, instead) => {
  expect(insteadOf(7, { bridge, showing })).toBe(instead);
});
