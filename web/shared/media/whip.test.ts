import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bridges, Peer } from './testkit.ts';
import { Publisher, acknowledged } from './whip.ts';

let bridges: Bridges;

beforeEach(() => {
  vi.useFakeTimers();
  Peer.all = [];
  bridges = new Bridges();
  vi.stubGlobal('fetch', bridges.fetch);
  vi.stubGlobal('RTCPeerConnection', Peer);
  const codecs = ['video/VP8', 'video/rtx', 'video/H264'].map((mimeType) => ({ mimeType }));
  vi.stubGlobal('RTCRtpSender', { getCapabilities: () => ({ codecs }) });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const stream = (name: string, pictured = true): MediaStream =>
  ({
    getAudioTracks: () => [{ kind: 'audio', name }],
    getVideoTracks: () => (pictured ? [{ kind: 'video', name }] : []),
  }) as unknown as MediaStream;

describe('a publisher', () => {
  it('sends sound and picture, coded as the programme is where that is possible', async () => {
    const publisher = new Publisher({ ask: bridges.ask, state: () => {}, codec: () => 'video/H264' });
    await publisher.send(stream('one'));
    await vi.advanceTimersByTimeAsync(0);
    expect(bridges.offers).toEqual(['offer of audio+video']);
    expect(Peer.last.transceivers[1]?.codecs.map((one) => one.mimeType)).toEqual(['video/H264', 'video/VP8', 'video/rtx']);
    publisher.stop();
    expect(bridges.said.at(-1)).toBe('DELETE north/session/1');
  });

  it('exchanges camera and microphone without a new session', async () => {
    const publisher = new Publisher({ ask: bridges.ask, state: () => {} });
    await publisher.send(stream('one'));
    await vi.advanceTimersByTimeAsync(0);
    await publisher.send(stream('two'));
    expect(Peer.last.transceivers.map((one) => one.track)).toMatchObject([{ name: 'two' }, { name: 'two' }]);
    expect(Peer.last.transceivers[1]?.codecs).toEqual([]);
    expect(bridges.offers).toHaveLength(1);
    publisher.stop();
  });

  it('without a camera offers the sound alone, and begins anew when there is one', async () => {
    const publisher = new Publisher({ ask: bridges.ask, state: () => {} });
    for (const pictured of [false, false, true, true, false]) {
      await publisher.send(stream('one', pictured));
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(bridges.offers).toEqual(['offer of audio', 'offer of audio+video', 'offer of audio']);
    publisher.stop();
  });

  it('sends the picture in three qualities where that is wanted', async () => {
    let several = true;
    const publisher = new Publisher({ ask: bridges.ask, state: () => {}, several: () => several });
    await publisher.send(stream('one'));
    await vi.advanceTimersByTimeAsync(0);
    expect(Peer.last.transceivers[1]?.rids).toEqual(['h', 'm', 'l']);
    publisher.stop();
    several = false;
    await publisher.send(stream('one'));
    await vi.advanceTimersByTimeAsync(0);
    expect(Peer.last.transceivers[1]?.rids).toEqual([undefined]);
    publisher.stop();
  });
});

it('hears reports and answers to checks', () => {
  const stats = new Map<string, object>([
    ['p', { type: 'candidate-pair', responsesReceived: 3 }],
    ['r', { type: 'remote-inbound-rtp', timestamp: 1_000 }],
    ['o', { type: 'outbound-rtp', timestamp: 9_999 }],
  ]);
  expect(acknowledged(stats as unknown as RTCStatsReport)).toBe(1_003);
});
