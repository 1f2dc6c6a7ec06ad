import { expect, it } from 'vitest';
import type { MediaState } from '../../shared/media/line.ts';
import { airScene, type AirNow, type AirScene } from './air.ts';

const open: MediaState = { kind: 'open' };
const lost: MediaState = { kind: 'lost', code: '' };
const now = (air: AirNow['air'], more: Partial<AirNow> = {}): AirNow => ({
  air, here: true, opened: true, problem: null, line: open, ...more,
});

it.each<[string, AirNow, AirScene]>([
  ['nobody asked', now('none', { here: false }), 'none'],
  ['asked', now('asked', { here: false }), 'asked'],
  ['asked, with the camera still open from before', now('asked'), 'asked'],
  ['agreed, the camera not open yet', now('ready', { opened: false }), 'opening'],
  ['agreed, the camera refused', now('ready', { opened: false, problem: 'denied' }), 'problem'],
  ['agreed, on the way to the hall', now('ready', { line: { kind: 'connecting' } }), 'joining'],
  ['agreed and seen by the organizers', now('ready'), 'ready'],
  ['seen, the bridge sending no reports', now('ready', { line: { kind: 'quiet' } }), 'ready'],
  ['agreed on two devices', now('ready', { line: { kind: 'lost', code: 'stream_taken' } }), 'taken'],
  ['agreed, not from here', now('ready', { here: false }), 'away'],
  ['on air', now('on'), 'on'],
  ['on air, the line broken', now('on', { line: lost }), 'cut'],
  ['on air, not from here', now('on', { here: false }), 'away'],
  ['on air from another device', now('on', { line: { kind: 'lost', code: 'stream_taken' } }), 'taken'],
  ['on air, the camera not open again yet', now('on', { opened: false }), 'opening'],
])('%s', (_, given, scene) => {
  expect(airScene(given)).toBe(scene);
});
