import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerMessage } from '../wire/socket.ts';
import { CommandError, Live, waitBefore, type LineState, type LiveOptions } from './socket.ts';

/** The server's end of one connection: what the page said, and what it is told. */
class Peer {
  static all: Peer[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  heard: Record<string, unknown>[] = [];
  closedWith: number | undefined;

  constructor() {
    Peer.all.push(this);
  }

  static get last(): Peer {
    const peer = Peer.all.at(-1);
    if (!peer) throw new Error('nobody connected');
    return peer;
  }

  send(text: string): void {
    this.heard.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(code: number): void {
    this.closedWith = code;
  }

  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  welcomes(now = 1_000_000, beat = 5_000): void {
    this.onopen?.();
    this.says({
      t: 'welcome', v: 1, conference: 'c', epoch: 'e', seq: 3, now, beat, interval: 100,
      audience: 'all', resumed: false, retry: { base: 400, spread: 0 },
    });
  }

  breaks(code = 1006): void {
    this.onclose?.({ code, reason: '' });
  }

  kinds(): unknown[] {
    return this.heard.map((message) => message['t']);
  }
}

let lines: LineState[];
let received: ServerMessage[];

function page(more: Pick<LiveOptions, 'watches'> = {}): Live {
  lines = [];
  received = [];
  return new Live({
    url: 'ws://here/ws',
    hello: () => ({ conference: 'c', resume: { epoch: 'e', seq: received.length } }),
    receive: (message) => received.push(message),
    line: (state) => lines.push(state),
    open: () => new Peer() as unknown as WebSocket,
    ...more,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 50_000 });
  Peer.all = [];
});
afterEach(() => vi.useRealTimers());

describe('the line', () => {
  it('says hello first and is open once it is welcome', () => {
    const live = page();
    live.start();
    Peer.last.welcomes(1_000_000);

    expect(Peer.last.heard[0]).toEqual({ t: 'hello', v: 1, conference: 'c', resume: { epoch: 'e', seq: 0 } });
    expect(live.state).toEqual({ kind: 'open' });
    expect(live.now).toBe(1_000_000);
  });

  it('comes back as the server asked, and resumes from where the page is', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    Peer.last.says({ t: 'bye', code: 1012, reason: 'restart', retry: { base: 900, spread: 0 } });
    Peer.last.breaks(1012);

    expect(live.state).toEqual({ kind: 'waiting', until: 50_900, code: 1012 });
    vi.advanceTimersByTime(899);
    expect(Peer.all).toHaveLength(1);
    vi.advanceTimersByTime(1);
    Peer.last.welcomes();
    expect(Peer.all).toHaveLength(2);
    expect(Peer.last.heard[0]).toMatchObject({ t: 'hello', resume: { seq: 2 } });
  });

  it('waits longer after each failure, up to a bound, and spreads by the share', () => {
    const retry = { base: 500, spread: 2_000 };

    expect([0, 1, 2].map((failures) => waitBefore(retry, failures, 0))).toEqual([500, 1_000, 2_000]);
    expect(waitBefore(retry, 40, 0)).toBe(8_000);
    expect(waitBefore(retry, 0, 0.5)).toBe(1_500);
  });

  it.each([4100, 4101, 4103, 4104, 4110, 4111])('ends for good at %i', (code) => {
    const live = page();
    live.start();
    Peer.last.onopen?.();
    Peer.last.breaks(code);
    vi.advanceTimersByTime(120_000);

    expect(live.state).toMatchObject({ kind: 'ended', code });
    expect(Peer.all).toHaveLength(1);
  });

  it('says that the server is silent when a beat stays unanswered, and leaves the line when it stays so', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    Peer.last.says({ t: 'pulse', now: 1_000_000 });
    const first = Peer.last;
    vi.advanceTimersByTime(8_999);
    expect(live.state.kind).toBe('open');
    expect(live.mute).toBe(false);

    vi.advanceTimersByTime(1);
    expect(live.state.kind).toBe('silent');
    expect(live.mute).toBe(true);
    expect(live.send({ id: 'a'.repeat(20), command: { type: 'check_in', point: 7 } })).toBe(false);

    vi.advanceTimersByTime(4_000);
    expect(first.closedWith).toBe(4001);
    expect(live.state.kind).toBe('waiting');
    expect(live.mute).toBe(true);
  });

  it.each([1_000, 5_000, 15_000, 60_000])('tells of a silent server within 1.5 beats of %i ms, or the patience of a bad line', (beat) => {
    const live = page();
    live.start();
    Peer.last.welcomes(1_000_000, beat);
    Peer.last.says({ t: 'pulse', now: 1_000_000 });
    vi.advanceTimersByTime(Math.max(1.5 * beat, beat + 4_000));

    expect(lines.some(({ kind }) => kind === 'silent')).toBe(true);
  });

  it('is open again when the answer comes late', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    vi.advanceTimersByTime(4_000);
    expect(live.state.kind).toBe('silent');
    Peer.last.says({ t: 'pulse', now: 1_000_000 });

    expect(live.state.kind).toBe('open');
    expect(live.mute).toBe(false);
    vi.advanceTimersByTime(4_999);
    expect(live.state.kind).toBe('open');
  });

  it('takes a tap that nobody answers for a question, and the first one counts', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    Peer.last.says({ t: 'pulse', now: 1_000_000 });
    for (let tap = 0; tap < 4; tap += 1) {
      live.send({ id: `${tap}`.repeat(20), command: { type: 'check_in', point: 7 } });
      vi.advanceTimersByTime(1_000);
    }

    expect(live.state.kind).toBe('silent');
  });

  it('asks out of turn on a page that watches and hears nothing', () => {
    const live = page({ watches: true });
    live.start();
    Peer.last.welcomes(1_000_000, 15_000);
    Peer.last.says({ t: 'pulse', now: 1_000_000 });
    const beats = () => Peer.last.kinds().filter((kind) => kind === 'beat').length;
    vi.advanceTimersByTime(4_000);
    Peer.last.says({ t: 'frame', seq: 4, now: 1_004_000 });
    vi.advanceTimersByTime(4_999);
    expect(beats()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(beats()).toBe(2);
    vi.advanceTimersByTime(4_000);
    expect(live.state.kind).toBe('silent');
  });

  it('that the server ends is lost, not mute', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    vi.advanceTimersByTime(4_000);
    Peer.last.breaks();

    expect(live.state.kind).toBe('waiting');
    expect(live.mute).toBe(false);
  });

  it('is begun anew at once when somebody asks while the server is silent', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    vi.advanceTimersByTime(4_000);
    live.hurry();

    expect(Peer.all).toHaveLength(2);
    expect(Peer.all[0]?.closedWith).toBe(4001);
    expect(live.state.kind).toBe('connecting');
  });

  it('takes a line for dead after a sleep in which its timers stood still', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    Peer.last.says({ t: 'pulse', now: 1_000_000 });
    vi.setSystemTime(50_000 + 3_600_000);
    vi.advanceTimersByTime(5_000);

    expect(live.state.kind).toBe('waiting');
  });

  it('keeps a line that answers its beats, and tells the round trip', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    for (let beat = 0; beat < 6; beat += 1) {
      vi.advanceTimersByTime(41);
      Peer.last.says({ t: 'pulse', now: 2_000_000 });
      vi.advanceTimersByTime(4_959);
    }

    expect(live.state.kind).toBe('open');
    expect(Number.isInteger(live.now)).toBe(true);
    expect(lines.map(({ kind }) => kind)).toEqual(['connecting', 'open']);
    expect(Peer.last.heard.at(-1)).toEqual({ t: 'beat', rtt: 41 });
  });

  it('tells how the player fares as soon as it knows the round trip, and nobody without a line', () => {
    const media = { playing: true, loss: 0.1 };
    const live = page();
    live.start();
    Peer.last.welcomes();
    expect(live.status(media)).toBe(false);
    vi.advanceTimersByTime(41);
    Peer.last.says({ t: 'pulse', now: 2_000_000 });

    expect(live.status(media)).toBe(true);
    expect(Peer.last.heard.at(-1)).toEqual({ t: 'status', rtt: 41, media });
    Peer.last.breaks();
    expect(live.status(media)).toBe(false);
  });

  it('gives up on a server that takes the connection and says nothing', () => {
    const live = page();
    live.start();
    Peer.last.onopen?.();
    vi.advanceTimersByTime(10_000);

    expect(live.state.kind).toBe('waiting');
    expect(live.mute).toBe(true);
  });

  it('is quiet once stopped', () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    live.stop();
    vi.advanceTimersByTime(120_000);

    expect(Peer.all).toHaveLength(1);
    expect(Peer.last.closedWith).toBe(1000);
  });
});

describe('a command', () => {
  it('is answered by its id', async () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    const answer = live.ask({ type: 'take_help', point: 7 });
    const sent = Peer.last.heard.at(-1) as { id: string };
    Peer.last.says({ t: 'done', id: sent.id, seq: 9, at: 10 });

    await expect(answer).resolves.toMatchObject({ seq: 9, again: false });
    expect(sent).toMatchObject({ t: 'do', command: { type: 'take_help', point: 7 }, tapped_at: 50_000, sent_at: 50_000 });
  });

  it('that is refused tells why', async () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    const answer = live.ask({ type: 'resolve_help', point: 7 });
    const sent = Peer.last.heard.at(-1) as { id: string };
    Peer.last.says({ t: 'refused', id: sent.id, error: { code: 'no_help', message: 'Không có yêu cầu nào' } });

    await expect(answer).rejects.toMatchObject({ error: { code: 'no_help' }, message: 'Không có yêu cầu nào' });
  });

  it('whose line breaks before the answer is sent again under the same id', async () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    const answer = live.ask({ type: 'check_in', point: 7 });
    const first = Peer.last.heard.at(-1) as { id: string };
    Peer.last.breaks();
    vi.advanceTimersByTime(400);
    Peer.last.welcomes();
    const again = Peer.last.heard.find((message) => message['t'] === 'do') as { id: string };
    Peer.last.says({ t: 'done', id: again.id, seq: 9, at: 10, again: true });

    expect(again).toMatchObject({ id: first.id, retry: true });
    await expect(answer).resolves.toMatchObject({ again: true });
  });

  it('without a line fails at once and sends nothing', async () => {
    const live = page();
    live.start();

    const failure: unknown = await live.ask({ type: 'check_in', point: 7 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommandError);
    expect((failure as CommandError).error.code).toBe('offline');
    expect(live.send({ id: 'a'.repeat(20), command: { type: 'check_in', point: 7 } })).toBe(false);
    expect(Peer.last.kinds()).toEqual([]);
  });

  it('that is open when the line ends for good fails', async () => {
    const live = page();
    live.start();
    Peer.last.welcomes();
    const answer = live.ask({ type: 'check_in', point: 7 });
    Peer.last.breaks(4110);

    await expect(answer).rejects.toMatchObject({ error: { code: 'offline' } });
  });
});
