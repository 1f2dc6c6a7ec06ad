/**
 * Keeps one session with a bridge: joins, notices that nothing comes any more, and comes back by itself, to another
 * bridge if the first one is dead. What is sent or watched is the business of `whep.ts` and `whip.ts`.
 */
import { ApiError } from '../api.ts';
import { waitBefore } from '../socket.ts';
import { open, type MediaPass, type MediaSession } from './session.ts';

export type MediaState =
  | { kind: 'off' }
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** The session stands and nothing comes: nobody publishes. */
  | { kind: 'quiet' }
  /** Comes back by itself. `code`: why the last attempt failed; empty: the line broke. */
  | { kind: 'lost'; code: string }
  /** Coming back would be answered the same way. */
  | { kind: 'refused'; code: string };

const LOOK = 500; // ms between two looks at what arrives
const MOST_SILENT = 10_000; // ms between such questions where nobody publishes: every room of a country may be waiting
const SETUP = 10_000; // ms in which a connection that will ever stand does: handshakes over a relay take five
// The rooms of a dead bridge all come at once; the first second is theirs to spread in.
const RETRY = { base: 100, spread: 800 };
const FINAL = new Set(['media_off', 'not_asked', 'unauthenticated', 'unsupported']);

export interface LineOptions {
  /** An address and its key. `failed`: the bridge that did not answer. Throws `ApiError`. */
  ask: (failed: string) => Promise<MediaPass>;
  state: (state: MediaState) => void;
}

export interface LineParts extends LineOptions {
  /** Adds what is to be sent or received, before the offer. */
  prepare: (pc: RTCPeerConnection) => void;
  /** A number that grows for as long as something comes from the other side. */
  heard: (stats: RTCStatsReport) => number;
  /** ms without anything before the bridge is asked whether the session still stands. */
  silent: number;
}

export class MediaLine {
  #parts: LineParts;
  #state: MediaState = { kind: 'off' };
  #round = 0; // what an earlier attempt still brings is not taken any more
  #pass: MediaPass | null = null;
  #pc: RTCPeerConnection | null = null;
  #session: MediaSession | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looks: ReturnType<typeof setInterval> | undefined;
  #failures = 0;
  #failed = '';
  #joinedAt = 0;
  #heard = 0;
  #heardAt = 0;
  #askedAt = 0;
  #patience: number;

  constructor(parts: LineParts) {
    this.#parts = parts;
    this.#patience = parts.silent;
  }

  get state(): MediaState {
    return this.#state;
  }

  get pc(): RTCPeerConnection | null {
    return this.#pc;
  }

  get session(): MediaSession | null {
    return this.#session;
  }

  get running(): boolean {
    return !['off', 'refused'].includes(this.#state.kind);
  }

  start(): void {
    if (this.running) return;
    globalThis.addEventListener?.('online', this.#hurry);
    globalThis.document?.addEventListener('visibilitychange', this.#seen);
    this.#failures = 0;
    this.#set({ kind: 'connecting' });
    void this.#join();
  }

  stop(): void {
    this.#leave();
    this.#rest({ kind: 'off' });
  }

  /** Begins a new session at once, with what is prepared now. */
  restart(): void {
    if (!this.running) return;
    this.#leave();
    void this.#join();
  }

  /** A reason to think that things are better now: no more waiting. */
  hurry(): void {
    if (this.#session) void this.#look();
    else if (this.#state.kind === 'lost') this.restart();
  }

  #hurry = (): void => this.hurry();

  #seen = (): void => {
    if (document.visibilityState === 'visible') this.hurry();
  };

  async #join(): Promise<void> {
    const round = this.#round;
    try {
      if (typeof RTCPeerConnection === 'undefined') throw new ApiError(0, { code: 'unsupported', message: '' });
      const pass = await this.#ask();
      if (round !== this.#round) return;
      const pc = (this.#pc = new RTCPeerConnection());
      this.#parts.prepare(pc);
      const session = await open(pc, pass);
      if (round === this.#round) this.#joined(session);
      else session.end();
    } catch (cause) {
      if (round === this.#round) this.#lose(cause instanceof ApiError ? cause : null);
    }
  }

  /** Without an answer of the service the address known from before may still do. */
  async #ask(): Promise<MediaPass> {
    try {
      this.#pass = await this.#parts.ask(this.#failed);
    } catch (cause) {
      const passing = cause instanceof ApiError && (cause.status === 0 || cause.status >= 500);
      if (!passing || !this.#pass || this.#failed || this.#pass.until < Date.now()) throw cause;
    }
    return this.#pass;
  }

  #joined(session: MediaSession): void {
    this.#session = session;
    this.#heard = 0;
    this.#joinedAt = this.#heardAt = this.#askedAt = performance.now();
    this.#patience = this.#parts.silent;
    this.#looks = setInterval(() => void this.#look(), LOOK);
  }

  async #look(): Promise<void> {
    const round = this.#round;
    const pc = this.#pc!;
    const heard = this.#parts.heard(await pc.getStats());
    if (round !== this.#round) return;
    const now = performance.now();
    if (heard > this.#heard) this.#hear(heard, now);
    else if (pc.connectionState === 'failed') this.#lose(null);
    else if (now - Math.max(this.#heardAt, this.#askedAt) >= this.#patience) await this.#doubt(now);
  }

  #hear(heard: number, now: number): void {
    this.#heard = heard;
    this.#heardAt = now;
    this.#patience = this.#parts.silent;
    this.#failures = 0;
    this.#failed = '';
    if (this.#state.kind !== 'open') this.#set({ kind: 'open' });
  }

  /** Nothing came for a while. The bridge is asked over another way whether that is its fault, or nobody's. */
  async #doubt(now: number): Promise<void> {
    this.#askedAt = now;
    const round = this.#round;
    const found = await this.#session!.probe();
    if (round !== this.#round) return;
    const standing = this.#pc?.connectionState;
    if (found === 'silent') this.#failed = this.#pass?.bridge ?? '';
    if (found !== 'stands' || standing === 'disconnected' || standing === 'failed') this.#lose(null);
    else if (standing === 'connected') this.#wait();
    else if (now - this.#joinedAt > SETUP) {
      this.#failed = this.#pass?.bridge ?? ''; // it answers, and no way leads to its media
      this.#lose(null);
    }
  }

  #wait(): void {
    this.#patience = Math.min(MOST_SILENT, this.#patience * 2);
    this.#failures = 0;
    if (this.#state.kind !== 'quiet') this.#set({ kind: 'quiet' });
  }

  #lose(error: ApiError | null): void {
    this.#leave();
    const code = error?.code ?? '';
    if (FINAL.has(code)) {
      this.#rest({ kind: 'refused', code });
      return;
    }
    if (code === 'bridge_silent') this.#failed = this.#pass?.bridge ?? '';
    const wait = waitBefore(RETRY, this.#failures, Math.random());
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.#join(), wait);
    this.#set({ kind: 'lost', code });
  }

  #leave(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    clearInterval(this.#looks);
    this.#session?.end();
    this.#session = null;
    this.#pc?.close();
    this.#pc = null;
  }

  #rest(state: MediaState): void {
    globalThis.removeEventListener?.('online', this.#hurry);
    globalThis.document?.removeEventListener('visibilitychange', this.#seen);
    this.#set(state);
  }

  #set(state: MediaState): void {
    this.#state = state;
    this.#parts.state(state);
  }
}
