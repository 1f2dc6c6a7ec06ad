import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bridges, Peer } from './testkit.ts';
import { Player } from './whep.ts';

let bridges: Bridges;
let player: Player;
let shown: object[];

class Stream {
  tracks: object[] = [];
  addTrack(track: object): void {
    this.tracks.push(track);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  Peer.all = [];
  bridges = new Bridges();
  shown = [];
  vi.stubGlobal('fetch', bridges.fetch);
  vi.stubGlobal('RTCPeerConnection', Peer);
  vi.stubGlobal('MediaStream', Stream);
  player = new Player({ ask: bridges.ask, state: () => {}, show: (stream) => shown.push(stream) });
  player.start();
});

afterEach(() => {
  player.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a player', () => {
  it('asks for sound and picture and shows both', async () => {
    await pass(0);
    expect(bridges.offers).toEqual(['offer of audio+video']);
    expect(shown.at(-1)).toMatchObject({ tracks: [{ kind: 'audio' }, { kind: 'video' }] });
  });

  it('has the picture left out and brought back within one session', async () => {
    await pass(0);
    await player.choose('sound');
    await player.choose(null);
    expect(bridges.said.slice(1)).toEqual(['POST north/session/1/quality', 'POST north/session/1/quality']);
    expect(bridges.offers).toHaveLength(1);
  });

  it('has the quality that was chosen by hand, in the next session too', async () => {
    await player.choose(2);
    await pass(0);
    Peer.last.flows();
    expect(bridges.chosen).toEqual([]); // before it is connected a bridge hears no wish
    await pass(500);
    expect(bridges.chosen).toEqual([2]);
    await player.choose(0);
    bridges.gone = true;
    await pass(3_000);
    expect(bridges.offers).toHaveLength(2);
    Peer.last.flows();
    await pass(500);
    expect(bridges.chosen).toEqual([2, 0, 0]);
  });

  it('joins anew for the sound alone where nobody can leave the picture out', async () => {
    await pass(0);
    bridges.qualities = false;
    await player.choose('sound');
    await pass(0);
    expect(bridges.offers).toEqual(['offer of audio+video', 'offer of audio']);
    await player.choose(null);
    await pass(0);
    expect(bridges.offers.at(-1)).toBe('offer of audio+video');
  });

  it('tells how it fares from one look to the next, and nothing without a session', async () => {
    await pass(0);
    Peer.last.flows();
    expect(await player.fares()).toMatchObject({ alive: true, picture: true, loss: 0 });
    expect(await player.fares()).toMatchObject({ alive: false });
    player.stop();
    expect(await player.fares()).toBeNull();
  });
});
