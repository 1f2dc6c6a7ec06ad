import { Live, type LineState } from '../../shared/socket.ts';
import type { ConferenceView, DocumentView, NoticeView, Tally, UnitView } from '../../wire/socket.ts';
import { Board } from './board.ts';
import { i18n } from './i18n.svelte.ts';
import { session } from './session.svelte.ts';

/** Lists are drawn anew at most this often, in ms: frames come ten a second, nobody reads faster than this. */
const REDRAW = 250;

/**
 * One conference, live over the socket for as long as a page shows it. `version` moves when points changed: what is
 * derived from `board` reads it first.
 */
export class LiveConference {
  readonly id: string;
  readonly board = new Board();
  conference = $state.raw<ConferenceView | null>(null);
  units = $state.raw<UnitView[]>([]);
  documents = $state.raw<DocumentView[]>([]);
  notices = $state.raw<NoticeView[]>([]);
  whole = $state.raw<Tally | null>(null);
  line = $state.raw<LineState>({ kind: 'connecting' });
  mute = $state(false);
  /** This installation carries picture and sound; without it nothing of them is shown. */
  media = $state(false);
  version = $state(0);

  #socket: Live;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string) {
    this.id = id;
    this.#socket = new Live({
      hello: () => ({
        conference: id,
        lang: i18n.language,
        ...(this.board.epoch && { resume: { epoch: this.board.epoch, seq: this.board.seq } }),
      }),
      receive: (message) => {
        if (message.t === 'welcome') this.media = message.media ?? false;
        if (this.board.receive(message)) this.#drawSoon(message.t === 'snapshot');
      },
      line: (state) => {
        this.line = state;
        this.mute = this.#socket.mute;
        if (state.kind === 'ended' && state.code === 4101) session.ended();
      },
      watches: true,
    });
    this.#socket.start();
  }

  /** The server's clock, in ms. */
  get now(): number {
    return this.#socket.now;
  }

  get ready(): boolean {
    return this.conference !== null;
  }

  /** Tries the line again at once. */
  retry(): void {
    this.#socket.hurry();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#socket.stop();
  }

  #drawSoon(atOnce: boolean): void {
    if (atOnce) this.#draw();
    else this.#timer ??= setTimeout(() => this.#draw(), REDRAW);
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.conference = this.board.conference;
    this.units = this.board.units;
    this.documents = this.board.documents;
    this.notices = this.board.notices;
    this.whole = this.board.whole;
    this.version += 1;
  }
}

class Current {
  live = $state.raw<LiveConference | null>(null);

  /** The conference whose pages are open; the line stays up while a person walks between them. */
  show(id: string | null): void {
    if (this.live?.id === id) return;
    this.live?.stop();
    this.live = id ? new LiveConference(id) : null;
  }
}

export const current = new Current();

/** The conference of the page that is open; the shell shows such a page only once the first snapshot is there. */
export function currentLive(): LiveConference {
  if (!current.live) throw new Error('a page of a conference is open without one');
  return current.live;
}

/** A clock that moves once a second, for pages that count down. */
export class Ticker {
  now = $state(Date.now());
  constructor(read: () => number) {
    $effect(() => {
      this.now = read();
      const timer = setInterval(() => (this.now = read()), 1000);
      return () => clearInterval(timer);
    });
  }
}
