import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api.ts';
import { MediaLine, type MediaState } from './line.ts';
import { Bridges, Peer } from './testkit.ts';
import { totals } from './figures.ts';

let bridges: Bridges;
let line: MediaLine;
let told: MediaState[];
let flowing: ReturnType<typeof setInterval>;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1); // the longest of every wait
  Peer.all = [];
  bridges = new Bridges();
  told = [];
  vi.stubGlobal('fetch', bridges.fetch);
  vi.stubGlobal('RTCPeerConnection', Peer);
  line = new MediaLine({
    ask: bridges.ask,
    state: (state) => told.push(state),
    prepare: (pc) => void pc.addTransceiver('video', { direction: 'recvonly' }),
    heard: (stats) => totals(stats).pictures,
    silent: 1_500,
  });
});

afterEach(() => {
  line.stop();
  clearInterval(flowing);
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const kinds = (): string[] => told.map((state) => state.kind);
const flow = (): void => {
  flowing = setInterval(() => Peer.all.forEach((peer) => peer.flows()), 20);
};
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a media line', () => {
  it('is open as soon as something comes', async () => {
    flow();
    line.start();
    await pass(600);
    expect(kinds()).toEqual(['connecting', 'open']);
  });

  it('goes to another bridge within five seconds when its own dies', async () => {
    flow();
    line.start();
    await pass(600);
    bridges.dead.add('north');
    Peer.last.connectionState = 'disconnected';
    await pass(5_000);
    expect(kinds()).toEqual(['connecting', 'open', 'lost', 'open']);
    expect(bridges.asked).toEqual(['', 'north']);
    expect(bridges.said.at(-1)).toBe('POST south/whep/c1/programme');
    expect(Peer.all.map((peer) => peer.closed)).toEqual([true, false]);
  });

  it('comes back to a bridge that was started again and knows nothing of it', async () => {
    flow();
    line.start();
    await pass(600);
    bridges.gone = true;
    Peer.last.connectionState = 'disconnected';
    await pass(4_000);
    expect(bridges.asked).toEqual(['', '']);
    expect(line.state.kind).toBe('open');
  });

  it('comes back from another network, the bridge being as it was', async () => {
    flow();
    line.start();
    await pass(600);
    Peer.last.connectionState = 'disconnected';
    await pass(4_000);
    expect(bridges.asked).toEqual(['', '']);
    expect(line.state.kind).toBe('open');
  });

  it('waits where nobody publishes, asking ever more seldom, and plays when somebody does', async () => {
    line.start();
    await pass(60_000);
    expect(kinds()).toEqual(['connecting', 'quiet']);
    expect(bridges.said.filter((one) => one.startsWith('GET')).length).toBeLessThan(9);
    flow();
    await pass(600);
    expect(line.state.kind).toBe('open');
    expect(bridges.asked).toHaveLength(1);
  });

  it('names the bridge whose media no way leads to', async () => {
    line.start();
    await pass(0);
    Peer.last.connectionState = 'connecting';
    await pass(14_000);
    expect(bridges.asked).toEqual(['', 'north']);
  });

  it('waits longer after each failure, at most some seconds, and says why', async () => {
    bridges.service = new ApiError(503, { code: 'no_bridge', message: '' });
    line.start();
    const waits: number[] = [];
    for (let last = 0; waits.length < 9; await pass(100)) {
      if (bridges.asked.length === last) continue;
      last = bridges.asked.length;
      waits.push(Date.now());
    }
    const between = waits.slice(1).map((at, n) => at - waits[n]!);
    expect(between[0]).toBeLessThanOrEqual(1_000);
    expect(between).toEqual([...between].sort((a, b) => a - b));
    expect(between.at(-1)).toBeLessThanOrEqual(9_000);
    expect(line.state).toEqual({ kind: 'lost', code: 'no_bridge' });
  });

  it('uses the address it knows while the service is away', async () => {
    flow();
    line.start();
    await pass(600);
    bridges.service = new ApiError(0, { code: 'unreachable', message: '' });
    Peer.last.connectionState = 'disconnected';
    await pass(5_000);
    expect(line.state.kind).toBe('open');
    expect(bridges.offers).toHaveLength(2);
  });

  it.each([[404, 'media_off'], [409, 'not_asked'], [401, 'unauthenticated']])('stops for good at %i %s', async (status, code) => {
    bridges.service = new ApiError(status, { code, message: '' });
    line.start();
    await pass(60_000);
    expect(told.at(-1)).toEqual({ kind: 'refused', code });
    expect(bridges.asked).toHaveLength(1);
  });

  it('says that a browser cannot do it', async () => {
    vi.stubGlobal('RTCPeerConnection', undefined);
    line.start();
    await pass(0);
    expect(told.at(-1)).toEqual({ kind: 'refused', code: 'unsupported' });
  });

  it('tries at once when there is reason to, instead of waiting on', async () => {
    flow();
    bridges.service = new ApiError(0, { code: 'unreachable', message: '' });
    line.start();
    await pass(30_000);
    bridges.service = null;
    line.hurry();
    await pass(600);
    expect(line.state.kind).toBe('open');
  });

  it('leaves nothing behind when it is stopped while it joins', async () => {
    line.start();
    line.stop();
    await pass(1_000);
    expect(line.state.kind).toBe('off');
    expect(Peer.all.every((peer) => peer.closed)).toBe(true);
    expect(bridges.said.filter((one) => one.startsWith('POST'))).toHaveLength(bridges.said.filter((one) => one.startsWith('DELETE')).length);
  });
});
