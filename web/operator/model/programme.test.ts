import { describe, expect, it } from 'vitest';
import type { Faring } from '../../shared/media/figures.ts';
import type { MediaState } from '../../shared/media/line.ts';
import { TEXTS } from '../texts/index.ts';
import { watched, wording, type Watched, type Watching } from './programme.ts';

const faring: Faring = { alive: true, picture: true, loss: 0, weak: false, level: 0, freezes: 0, decoded: 0, frames: 0 };
const now = (state: MediaState, more: Partial<Watching> = {}): Watching => ({
  state, faring, soundOnly: false, weak: false, stopped: false, ...more,
});
const open: MediaState = { kind: 'open' };

describe('the programme', () => {
  it.each<[string, Watching, Watched]>([
    ['before the first attempt', now({ kind: 'off' }), 'connecting'],
    ['stopped by hand', now({ kind: 'off' }, { stopped: true }), 'stopped'],
    ['on its way', now({ kind: 'connecting' }), 'connecting'],
    ['playing', now(open), 'playing'],
    ['playing before it was looked at', now(open, { faring: null }), 'playing'],
    ['on a weak line', now(open, { weak: true }), 'weak'],
    ['on a line that bears no picture', now(open, { faring: { ...faring, picture: false } }), 'starved'],
    ['heard by choice', now(open, { soundOnly: true, faring: { ...faring, picture: false } }), 'sound'],
    ['without a publisher', now({ kind: 'quiet' }), 'quiet'],
    ['gone', now({ kind: 'lost', code: '' }), 'lost'],
    ['not for this browser', now({ kind: 'refused', code: 'unsupported' }), 'refused'],
  ])('%s', (_, watching, kind) => {
    expect(watched(watching)).toBe(kind);
  });

  it('says why where the reason is known, and else what becomes of it', () => {
    const texts = TEXTS.en.programme;
    expect(wording(now({ kind: 'lost', code: 'no_bridge' }), texts)).toBe(texts.codes['no_bridge']);
    expect(wording(now({ kind: 'lost', code: 'http_502' }), texts)).toBe(texts.lost);
    expect(wording(now({ kind: 'refused', code: 'media_off' }), texts)).toBe(texts.refused);
  });
});
