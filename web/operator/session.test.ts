import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Close } from '../shared/socket.ts';
import { keepDevice, knownDevice } from './model/device.ts';
import { openShelf } from './model/shelf.ts';
import { Disk } from './model/testkit.ts';
import { Session } from './session.svelte.ts';

const LINK = '0'.repeat(26);
const device = (token: string) => ({ token, conference: 'c', point: 1 });

/** The server's end of a page's connections. */
class Peer {
  static all: Peer[] = [];
  onopen: () => void = () => {};
  onmessage: (event: { data: string }) => void = () => {};
  onclose: (event: { code: number; reason: string }) => void = () => {};
  heard: { t: string; id?: string; token?: string }[] = [];

  constructor() {
    Peer.all.push(this);
  }

  static get last(): Peer {
    return Peer.all.at(-1)!;
  }

  send(text: string): void {
    this.heard.push(JSON.parse(text));
  }

  close(): void {}

  /** Who the page said it is, and the taps it sent. */
  get told(): unknown[] {
    return this.heard.flatMap(({ t, token, id }) => (t === 'hello' ? token : t === 'do' ? id : []));
  }

  welcomes(): void {
    this.onopen();
    const welcome = { t: 'welcome', v: 1, conference: 'c', epoch: 'e', seq: 3, now: 1_000_000, beat: 5_000, interval: 100 };
    this.onmessage({ data: JSON.stringify({ ...welcome, audience: 'point:1', resumed: false, retry: { base: 400, spread: 0 } }) });
  }

  turnsAway(code: number): void {
    this.onopen();
    this.onclose({ code, reason: '' });
  }
}

let disk: Disk;
let session: Session;
const enrol = vi.fn<() => Promise<Response>>();
const settled = () => vi.advanceTimersByTimeAsync(0);
const admitted = (token: string) => async () => Response.json(device(token));
const refused = (status: number, code: string) => async () => Response.json({ error: { code, message: code } }, { status });

beforeEach(() => {
  vi.useFakeTimers();
  Peer.all = [];
  disk = new Disk();
  vi.stubGlobal('window', { localStorage: disk });
  vi.stubGlobal('navigator', { languages: ['vi'], userAgent: '' });
  vi.stubGlobal('location', { protocol: 'https:', host: 'here' });
  vi.stubGlobal('WebSocket', Peer);
  vi.stubGlobal('fetch', enrol.mockReset());
  keepDevice(openShelf(disk), LINK, device('old'));
  session = new Session(LINK);
  session.begin();
  session.tap({ type: 'check_in', point: 1 });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a device that the server knows no more comes in by its link by itself, and sends what waits under its id', async () => {
  const [tap] = session.waiting;
  enrol.mockImplementation(admitted('new'));
  Peer.last.turnsAway(Close.UNAUTHENTICATED);
  await settled();
  Peer.last.welcomes();
  expect(session.end).toBeNull();
  expect(Peer.last.told).toEqual(['new', tap!.id]);
  expect([enrol.mock.calls.length, Peer.all.length]).toEqual([1, 2]);
});

it('while the link gets no answer it is tried on, and the room stays open', async () => {
  enrol.mockImplementationOnce(refused(503, 'busy')).mockImplementation(admitted('new'));
  Peer.last.turnsAway(Close.UNAUTHENTICATED);
  await settled();
  expect([session.end, session.unreachable]).toEqual([null, true]);
  await vi.advanceTimersByTimeAsync(10_000);
  Peer.last.welcomes();
  expect([session.open, Peer.last.told]).toEqual([true, ['new', session.waiting[0]!.id]]);
});

it.each([[403, 'link_revoked'], [404, 'link_unknown']])('is told so when the link is no good: %i %s', async (status, code) => {
  enrol.mockImplementation(refused(status, code));
  Peer.last.turnsAway(Close.UNAUTHENTICATED);
  await settled();
  expect([session.end, session.waiting.length]).toEqual([{ kind: 'revoked' }, 1]);

  // then it asks nobody by itself, also after it was loaded again, until a person does
  const again = new Session(LINK);
  again.begin();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([again.end, again.waiting.length, enrol.mock.calls.length, Peer.all.length]).toEqual([{ kind: 'revoked' }, 1, 1, 1]);
  enrol.mockImplementation(admitted('new'));
  again.retry();
  Peer.last.turnsAway(Close.UNAUTHENTICATED);
  await settled();
  Peer.last.welcomes();
  expect([again.end, Peer.last.told]).toEqual([null, ['new', again.waiting[0]!.id]]);
});

it('is told so at once when it is taken off the list while it is there', async () => {
  Peer.last.welcomes();
  Peer.last.turnsAway(Close.REVOKED);
  await settled();
  expect([session.end, enrol.mock.calls.length]).toEqual([{ kind: 'revoked' }, 0]);
});

it('comes in by the link as a new one when a person asks after it was taken off the list', async () => {
  const [tap] = session.waiting;
  enrol.mockImplementation(admitted('new'));
  Peer.last.turnsAway(Close.REVOKED);
  await settled();
  session.retry();
  Peer.last.turnsAway(Close.REVOKED);
  await settled();
  Peer.last.welcomes();
  expect([session.end, Peer.last.told, enrol.mock.calls.length]).toEqual([null, ['new', tap!.id], 1]);
});

it('the link is tried once: a server that does not know whom it just admitted is not asked for ever', async () => {
  enrol.mockImplementation(admitted('new'));
  Peer.last.turnsAway(Close.UNAUTHENTICATED);
  await settled();
  Peer.last.turnsAway(Close.UNAUTHENTICATED);
  await settled();
  expect([session.end, enrol.mock.calls.length]).toEqual([{ kind: 'revoked' }, 1]);
});

it('of two tabs one comes in anew and the other goes with it', async () => {
  keepDevice(openShelf(disk), LINK, device('new'));
  Peer.last.turnsAway(Close.UNAUTHENTICATED);
  await settled();
  Peer.last.welcomes();
  expect([Peer.last.told[0], enrol.mock.calls.length]).toEqual(['new', 0]);
  expect(knownDevice(openShelf(disk), LINK)).toEqual(device('new'));
});
