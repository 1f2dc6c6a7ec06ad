/**
 * The line to the server, the same for every page that is live: says hello, keeps the beat, measures the server's clock,
 * comes back with jitter when the line breaks, and stops when the server says that coming back is no use.
 *
 * It knows nothing of what the messages mean; whoever owns it folds them and tells it where to resume.
 */
import {
  CLOSE, PROTOCOL_VERSION, decode,
  type AirCommand, type Bye, type Command, type Do, type Done, type Hello, type Retry, type ServerError, type ServerMessage, type Welcome,
} from '../wire/socket.ts';
import type { MediaFigures } from '../wire/protocol.ts';

/** Close codes from here on are final: coming back would be answered the same way. */
export const FINAL: number = CLOSE.BAD_MESSAGE;
export { CLOSE as Close };

const HELLO_TIMEOUT = 10_000; // ms from opening to `welcome`; a server that needs longer is not answering
const ANSWER = 4_000; // ms an answer may take on a bad line before the server counts as silent
const GIVE_UP = 4_000; // ms of that silence before the line is left: a lost packet that is sent again is here by then
const IDLE_SHARE = 1 / 3; // of a beat without any message after which a page that watches asks out of turn
const FIRST_RETRY: Retry = { base: 1_000, spread: 2_000 }; // until the server has said how it wants it
const MAX_WAIT = 8_000; // ms; after three failures in a row nobody should sit much longer before a server that is back

export type LineState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** The line stands, and the server answers nothing: what is shown may be old. Nothing is sent until it is heard again. */
  | { kind: 'silent' }
  /** `until`: when it tries again, by this device's clock. `code`: why the last one was closed. */
  | { kind: 'waiting'; until: number; code: number }
  | { kind: 'ended'; code: number; reason: string };

/** A command that was not done: the server refused it, or (`code` "offline") it never left. */
export class CommandError extends Error {
  readonly error: ServerError;

  constructor(error: ServerError) {
    super(error.message);
    this.error = error;
  }
}

export interface LiveOptions {
  /** Asked before every connection, because the place to resume from moves on. */
  hello: () => Hello;
  /** Every message, in order, `done` and `refused` too. */
  receive: (message: ServerMessage) => void;
  line: (state: LineState) => void;
  /** Of a page that people look at and do not touch: it asks out of turn when nothing comes, and so knows sooner. */
  watches?: boolean;
  url?: string;
  open?: (url: string) => WebSocket;
}

/** The address of the socket beside the page. */
export function socketUrl(place: Pick<Location, 'protocol' | 'host'> = location): string {
  return `${place.protocol === 'https:' ? 'wss' : 'ws'}://${place.host}/ws`;
}

/** A new id for a command: 128 random bits in hexadecimal; `randomUUID` would need a secure context. */
export function commandId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** How long to wait before attempt number `failures` + 1, in ms. `share` is a random number from 0 to 1. */
export function waitBefore(retry: Retry, failures: number, share: number): number {
  const base = Math.min(MAX_WAIT, retry.base * 2 ** Math.min(failures, 10));
  return Math.round(base + retry.spread * share);
}

interface Asked {
  message: Do;
  done: (message: Done) => void;
  failed: (error: CommandError) => void;
}

export class Live {
  #options: LiveOptions;
  #socket: WebSocket | null = null;
  #state: LineState = { kind: 'waiting', until: 0, code: 1000 };
  #running = false;
  #failures = 0;
  #retry: Retry = FIRST_RETRY;
  #bye: Bye | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beats: ReturnType<typeof setInterval> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #asking = false; // a beat or a command awaits its answer
  #mute = false;
  #beat = 0;
  #beatAt = 0;
  #rtt: number | null = null;
  #heardAt = 0;
  #offset = 0;
  #asked = new Map<string, Asked>();

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  get state(): LineState {
    return this.#state;
  }

  /** The server's clock now, in ms since 1970, as well as this device can know it. */
  get now(): number {
    return Date.now() + this.#offset;
  }

  /** The server's clock when it was last heard; what is shown is true as of then. 0: never. */
  get heardAt(): number {
    return this.#heardAt ? this.#heardAt + this.#offset : 0;
  }

  /** Whether the server was last found to take connections and answer nothing, on this line or on those after it. */
  get mute(): boolean {
    return this.#mute;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    globalThis.addEventListener?.('online', this.#hurry);
    globalThis.document?.addEventListener('visibilitychange', this.#seen);
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    globalThis.removeEventListener?.('online', this.#hurry);
    globalThis.document?.removeEventListener('visibilitychange', this.#seen);
    this.#drop(1000);
    clearTimeout(this.#timer);
  }

  /** Tries again at once if it is waiting, be it for the next attempt or for an answer. */
  hurry(): void {
    if (!this.#running) return;
    if (this.#state.kind === 'silent') this.#drop(CLOSE.SILENT);
    if (this.#state.kind === 'silent' || this.#state.kind === 'waiting') this.#connect();
  }

  /** Sends a command whose id the caller keeps; `false`: there is no line, nothing was sent. */
  send(message: Do): boolean {
    if (this.#state.kind !== 'open' || !this.#socket) return false;
    this.#say({ t: 'do', ...message, sent_at: Date.now() });
    this.#await();
    return true;
  }

  /** Tells how this page's player fares; `false`: nobody was told, and nobody will be. */
  status(media: MediaFigures): boolean {
    if (this.#state.kind !== 'open' || this.#rtt === null) return false;
    this.#say({ t: 'status', rtt: this.#rtt, media });
    return true;
  }

  /**
   * Sends a command and waits for the answer. When the line breaks in between it is sent again under the same id, so it
   * happens once. Throws `CommandError`; with no line at once, because a person is waiting for it.
   */
  ask(command: Command | AirCommand): Promise<Done> {
    const message: Do = { id: commandId(), command, tapped_at: Date.now() };
    return new Promise((done, failed) => {
      if (!this.send(message)) {
        failed(new CommandError({ code: 'offline', message: '' }));
        return;
      }
      this.#asked.set(message.id, { message, done, failed });
    });
  }

  #hurry = (): void => this.hurry();

  #seen = (): void => {
    if (document.visibilityState === 'visible') this.hurry();
  };

  #connect(): void {
    clearTimeout(this.#timer);
    this.#bye = null;
    this.#set({ kind: 'connecting' });
    const url = this.#options.url ?? socketUrl();
    const socket = this.#options.open ? this.#options.open(url) : new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => this.#say({ t: 'hello', v: PROTOCOL_VERSION, ...this.#options.hello() });
    socket.onmessage = (event: MessageEvent<string>) => this.#hear(event.data);
    socket.onclose = (event) => {
      this.#mute = false;
      this.#closed(event.code, event.reason);
    };
    this.#timer = setTimeout(() => {
      this.#mute = true;
      this.#lose();
    }, HELLO_TIMEOUT);
  }

  #say(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #hear(text: string): void {
    this.#heardAt = Date.now();
    this.#mute = false;
    this.#asking = false;
    if (this.#state.kind === 'silent') this.#set({ kind: 'open' });
    if (this.#state.kind === 'open') this.#listen();
    const message = decode(text);
    if (!message) return;
    if (message.t === 'welcome') this.#welcome(message);
    else if (message.t === 'pulse') this.#pulse(message.now);
    else if (message.t === 'bye') this.#bye = message;
    else if (message.t === 'done') this.#answer(message.id)?.done(message);
    else if (message.t === 'refused' && message.id) this.#answer(message.id)?.failed(new CommandError(message.error));
    this.#options.receive(message);
  }

  #answer(id: string): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  #welcome(message: Welcome): void {
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#retry = message.retry;
    this.#offset = message.now - Date.now();
    this.#rtt = null;
    this.#set({ kind: 'open' });
    for (const { message: asked } of this.#asked.values()) this.send({ ...asked, retry: true });
    this.#beat = message.beat;
    this.#beats = setInterval(() => this.#tick(), message.beat);
    this.#tick();
  }

  #tick(): void {
    // Only a page whose timers stood still can have heard nothing for longer: it slept, and its line is gone.
    if (Date.now() - this.#heardAt > this.#beat + ANSWER + GIVE_UP) this.#lose();
    else if (this.#state.kind === 'open') this.#ask();
  }

  #ask(): void {
    this.#beatAt = performance.now();
    this.#say(this.#rtt === null ? { t: 'beat' } : { t: 'beat', rtt: this.#rtt });
    this.#await();
  }

  // One timer, three questions in turn: is it idle, does it answer, does it come back. Hearing anything starts anew.

  #listen(): void {
    clearTimeout(this.#patience);
    if (this.#options.watches) this.#patience = setTimeout(() => this.#ask(), this.#beat * IDLE_SHARE);
  }

  /** The first thing that is not answered counts, or somebody who taps again and again would never be told. */
  #await(): void {
    if (this.#asking) return;
    this.#asking = true;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#unanswered(), ANSWER);
  }

  #unanswered(): void {
    this.#mute = true;
    this.#patience = setTimeout(() => this.#lose(), GIVE_UP);
    this.#set({ kind: 'silent' });
  }

  #pulse(now: number): void {
    this.#rtt = Math.round(performance.now() - this.#beatAt);
    // Whole milliseconds: moments made of it go back to the server, which takes no others.
    this.#offset = Math.round(now + this.#rtt / 2 - Date.now());
  }

  /** The line is dead: closing it politely could take minutes, so it is left behind. */
  #lose(): void {
    this.#drop(CLOSE.SILENT);
    this.#closed(1006, '');
  }

  #drop(code: number): void {
    this.#rest();
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  #closed(code: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#rest();
    this.#socket = null;
    if (!this.#running) return;
    const why = this.#bye?.code ?? code;
    if (why >= FINAL) {
      this.#running = false;
      this.#set({ kind: 'ended', code: why, reason: this.#bye?.reason ?? reason });
      this.#failAll();
      return;
    }
    const wait = waitBefore(this.#bye?.retry ?? this.#retry, this.#failures, Math.random());
    this.#failures += 1;
    this.#set({ kind: 'waiting', until: Date.now() + wait, code: why });
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #rest(): void {
    clearInterval(this.#beats);
    clearTimeout(this.#patience);
    this.#asking = false;
  }

  #failAll(): void {
    for (const { failed } of this.#asked.values()) failed(new CommandError({ code: 'offline', message: '' }));
    this.#asked.clear();
  }

  #set(state: LineState): void {
    this.#state = state;
    this.#options.line(state);
  }
}
