import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Bridges, Peer } from '../../shared/media/testkit.ts';
import { Stage, TRIES } from './stage.svelte.ts';

let bridges: Bridges;
let stage: Stage;
const free = async () => false;

beforeEach(async () => {
  vi.useFakeTimers();
  bridges = new Bridges();
  vi.stubGlobal('fetch', bridges.fetch);
  vi.stubGlobal('RTCPeerConnection', Peer);
  vi.stubGlobal('RTCRtpSender', {});
  const track = { kind: 'video', stop: () => {}, getSettings: () => ({ deviceId: 'camera' }) };
  const stream = { getVideoTracks: () => [track], getAudioTracks: () => [], getTracks: () => [track] };
  const mediaDevices = { getUserMedia: async () => stream, enumerateDevices: async () => [] };
  vi.stubGlobal('navigator', { mediaDevices });
  stage = new Stage(bridges.ask);
  await stage.open();
});

afterEach(() => {
  stage.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a place that is taken is tried for some seconds, then it is said', async () => {
  bridges.refuses = { status: 409, code: 'stream_taken' };
  await stage.start('main', free);
  await vi.advanceTimersByTimeAsync(500);
  expect([stage.line, stage.sending]).toEqual([{ kind: 'lost', code: 'stream_taken' }, true]);
  await vi.advanceTimersByTimeAsync(TRIES * 1_000);
  expect([stage.line, stage.sending]).toEqual([{ kind: 'refused', code: 'stream_taken' }, false]);
  const asked = bridges.asked.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(bridges.asked.length).toBe(asked);
});

it('a place that another page of the same person has is not taken from him', async () => {
  let taken = true;
  await stage.start('main', async () => taken);
  await vi.advanceTimersByTimeAsync(3_500);
  expect(bridges.offers).toEqual([]);
  taken = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(bridges.offers).toHaveLength(1);
});

it('who stops waiting is not put there later', async () => {
  await stage.start('main', async () => true);
  stage.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([stage.line.kind, bridges.offers]).toEqual(['off', []]);
});

it('a page that is loaded again goes on as it was, though the bridge still tells of it', async () => {
  await stage.resume({ stream: 'spare', picture: 'camera', sound: 'nothing', several: false });
  await vi.advanceTimersByTimeAsync(0);
  expect(bridges.offers).toHaveLength(1);
  expect(stage.kept).toEqual({ stream: 'spare', picture: 'camera', sound: 'nothing', several: false });
});
