import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api.ts';
import { iceServers, open } from './session.ts';
import { Bridges, Peer } from './testkit.ts';

let bridges: Bridges;

beforeEach(() => {
  bridges = new Bridges();
  vi.stubGlobal('fetch', bridges.fetch);
});
afterEach(() => vi.unstubAllGlobals());

const begin = async () => {
  const pc = new Peer();
  const session = await open(pc as unknown as RTCPeerConnection, await bridges.ask(''));
  return { pc, session };
};

describe('a session', () => {
  it('is opened with an offer, uses the helpers that the answer names, and is told goodbye', async () => {
    const { pc, session } = await begin();
    session.end();
    expect(pc.configuration.iceServers).toEqual([{ urls: 'stun:stun.example:3478' }]);
    expect(bridges.said).toEqual(['POST north/whep/c1/programme', 'DELETE north/session/1']);
  });

  it('that is refused says why', async () => {
    bridges.refuses = { status: 503, code: 'full' };
    const error = await begin().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 503, code: 'full' });
  });

  it('at a bridge that does not answer says so', async () => {
    bridges.dead.add('north');
    await expect(begin()).rejects.toMatchObject({ code: 'bridge_silent' });
  });

  it('is over at the bridge when the browser does not take the answer', async () => {
    const pc = new Peer();
    pc.setRemoteDescription = () => Promise.reject(new Error('no'));
    const opening = open(pc as unknown as RTCPeerConnection, await bridges.ask(''));
    await expect(opening).rejects.toMatchObject({ code: 'not_understood' });
    expect(bridges.said.at(-1)).toBe('DELETE north/session/1');
  });

  it('tells a bridge that lost it from one that is silent', async () => {
    const { session } = await begin();
    expect(await session.probe()).toBe('stands');
    bridges.gone = true;
    expect(await session.probe()).toBe('gone');
    bridges.dead.add('north');
    expect(await session.probe()).toBe('silent');
  });

  it('asks for a quality and takes no for an answer', async () => {
    const { session } = await begin();
    expect(await session.choose('sound')).toBe(true);
    bridges.qualities = false;
    expect(await session.choose(null)).toBe(false);
    bridges.dead.add('north');
    expect(await session.choose(null)).toBe(false);
  });
});

describe('helpers on the way', () => {
  it.each([
    ['', []],
    ['<https://a.example>; rel="next"', []],
    ['<stun:a.example>; rel="ice-server"', [{ urls: 'stun:a.example' }]],
    [
      '<stun:a.example>; rel="ice-server", <turn:b.example?transport=udp>; rel="ice-server"; username="17:x"; ' +
        'credential="w=="; credential-type="password"',
      [{ urls: 'stun:a.example' }, { urls: 'turn:b.example?transport=udp', username: '17:x', credential: 'w==' }],
    ],
  ])('%s', (link, servers) => {
    expect(iceServers(link)).toEqual(servers);
  });
});
