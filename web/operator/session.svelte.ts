import type { MediaFigures } from '../wire/protocol.ts';
import { Close, Live, type LineState } from '../shared/socket.ts';
import type { ConferenceView, DocumentView, NoticeView, PointView, ServerMessage } from '../wire/socket.ts';
import type { RoomMedia } from './media/room.svelte.ts';
import { fetchCode, type CodePicture } from './model/code.ts';
import { describeDevice, keepDevice, knownDevice, scopeOf, type Device } from './model/device.ts';
import { enrol } from './model/enrol.ts';
import { Leader } from './model/leader.ts';
import { look, type Look } from './model/line.ts';
import { Outbox, type Entry, type RoomCommand } from './model/outbox.ts';
import { overlay, type Shown } from './model/overlay.ts';
import { Sender } from './model/sender.ts';
import { browserStorage, openShelf, readJson, type Shelf } from './model/shelf.ts';
import { firstLanguage, TEXTS, type Language } from './texts/index.ts';

/** Why there is no room on the screen. */
export type End =
  | { kind: 'unknown' | 'revoked' | 'full' | 'closed' | 'outdated' }
  | { kind: 'refused'; message: string };

/** The last truth the server told, kept so that a reload without a line still shows the room. */
interface Seen {
  seq: number;
  /** What to add to the phone's clock to get the server's, in ms. */
  offset: number;
  point: PointView;
  conference: ConferenceView;
  documents: DocumentView[];
  /** Missing in what an older page kept. */
  notices?: NoticeView[] | undefined;
}

const TICK = 1_000; // ms
const ENROL_AGAIN = 3_000; // ms, plus as much again at random: 766 rooms open their links in the same minutes
const RELOAD_ONCE_IN = 60_000; // ms: a page that is still outdated after a reload asks a person
const ASLEEP = 30_000; // ms out of sight after which the line is begun anew: phones cut it and tell nobody
const DOUBLE_TAP = 500; // ms; the next step's button comes where the last one was, and must not take a second tap

/** It was enrolled after the backup that was restored. */
const UNKNOWN = [Close.UNAUTHENTICATED];
/** A person may also want in again who was taken off the list: his link says whether he may. */
const BY_HAND = [...UNKNOWN, Close.REVOKED];

/** One room on one device: link, line, truth, and the taps on their way. */
export class Session {
  end = $state.raw<End | null>(null);
  seen = $state.raw<Seen | null>(null);
  entries = $state.raw<Entry[]>([]);
  code = $state.raw<CodePicture | null>(null);
  /** Picture and sound, where the installation has them. */
  media = $state.raw<RoomMedia | null>(null);
  durable = $state(true);
  /** Whether taps reach the server now, and since when not, by this device's clock. */
  open = $state(false);
  brokenAt = $state(Date.now());
  everOpen = $state(false);
  mute = $state(false);
  /** The server is there, and could not record what it was told; it is told again until it can. */
  held = $state(false);
  /** Whether the link could be tried at all. */
  unreachable = $state(false);
  language = $state<Language>('vi');
  clock = $state(Date.now());
  offset = $state(0);

  readonly shelf: Shelf = openShelf(browserStorage());
  #link: string;
  #leader: Leader;
  #leads = false;
  #hiddenAt = 0;
  #device: Device | null = null;
  #outbox: Outbox | null = null;
  #sender: Sender | null = null;
  #live: Live | null = null;
  #heardAt = 0;
  #tappedAt = 0;
  /** Turned away by one of these, it tries its link, once since the line last stood or a person asked. */
  #tries: readonly number[] = UNKNOWN;
  #wake: (() => void) | null = null;

  constructor(link: string) {
    this.#link = link;
    this.language = firstLanguage(this.shelf.get('nc_lang'), navigator.languages);
    this.#leader = new Leader(navigator.locks, `nc:sender:${link}`, (leads) => {
      this.#leads = leads;
      this.#sender?.leads(leads);
    });
  }

  get texts() {
    return TEXTS[this.language];
  }

  /** The server's clock, as well as this device knows it. */
  get now(): number {
    return this.clock + this.offset;
  }

  /** How long the line has been broken, in ms, and how that looks. */
  get brokenFor(): number {
    return this.open ? 0 : Math.max(0, this.clock - this.brokenAt);
  }

  get look(): Look {
    return look(this);
  }

  get shown(): Shown | null {
    return this.seen && overlay(this.seen.point, this.seen.seq, this.entries, this.offset);
  }

  get waiting(): Entry[] {
    return this.entries.filter((entry) => !entry.answer);
  }

  start(): void {
    setInterval(() => this.#tick(), TICK);
    addEventListener('storage', (event) => {
      if (event.key === null || event.key.startsWith('nc:')) this.#refresh();
    });
    addEventListener('online', () => this.#wake?.());
    // Some systems say "offline" on a network that reaches the server: only the line itself tells.
    addEventListener('offline', () => this.#renew());
    addEventListener('focus', () => this.#leader.claim());
    document.addEventListener('visibilitychange', () => this.#visibility());
    if (document.visibilityState === 'visible') this.#leader.claim();
    else this.#leader.queue();
    addEventListener('beforeunload', (event) => {
      if (!this.shelf.durable && this.waiting.length) event.preventDefault();
    });
    this.begin();
  }

  /** Opens the room this device knows, or asks for it with the link. */
  begin(): void {
    this.end = null;
    const device = knownDevice(this.shelf, this.#link);
    if (device?.revoked) this.#revoked(device);
    else if (device) this.#enter(device);
    else void this.#enrol();
  }

  /** A person asks again: first as the device that was turned away, then by the link as a new one. */
  retry(): void {
    const { token, conference, point } = knownDevice(this.shelf, this.#link) ?? {};
    if (token && conference && point) keepDevice(this.shelf, this.#link, { token, conference, point });
    this.#tries = BY_HAND;
    this.begin();
  }

  /** Writes the tap down and sends it as soon as it can be sent. False: taken for the second half of a double tap. */
  tap(command: RoomCommand): boolean {
    const now = Date.now();
    if (!this.#outbox || !this.#sender || Math.abs(now - this.#tappedAt) < DOUBLE_TAP) return false;
    this.#tappedAt = now;
    const entry = this.#outbox.add(command, now);
    this.#refresh();
    this.#sender.added(entry);
    return true;
  }

  get pointId(): number {
    return this.#device?.point ?? 0;
  }

  noted(entry: Entry): void {
    this.#outbox?.note(entry.id);
    this.#refresh();
  }

  choose(language: Language): void {
    this.language = language;
    this.shelf.set('nc_lang', language);
  }

  /** `lost`: what this page was before, and the server does not know any more. */
  async #enrol(lost: Device | null = null): Promise<void> {
    const label = describeDevice(navigator.userAgent);
    const attempt = async () => {
      const known = knownDevice(this.shelf, this.#link);
      const faster = known && !known.revoked && known.token !== lost?.token; // another tab was
      return faster ? ({ kind: 'ok', device: known } as const) : enrol(this.#link, label, this.language);
    };
    for (;;) {
      // One tab at a time, or each of two would become a device of its own.
      const answer = await (navigator.locks?.request(`nc:enrol:${this.#link}`, attempt) ?? attempt());
      if (answer.kind === 'ok') {
        keepDevice(this.shelf, this.#link, answer.device);
        this.#enter(answer.device);
        return;
      }
      if (answer.kind !== 'later') {
        if (lost && (answer.kind === 'revoked' || answer.kind === 'unknown')) this.#revoked(lost);
        else this.end = answer;
        return;
      }
      this.unreachable = true;
      await this.#pause(ENROL_AGAIN * (1 + Math.random()));
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((go) => {
      const timer = setTimeout(go, ms);
      this.#wake = () => {
        clearTimeout(timer);
        go();
      };
    });
  }

  #visibility(): void {
    if (document.visibilityState === 'hidden') {
      this.#hiddenAt = Date.now();
      return;
    }
    this.#leader.claim();
    this.#wake?.();
    if (Date.now() - this.#hiddenAt > ASLEEP) this.#renew();
    this.#tick();
  }

  #load(device: Device): void {
    const scope = scopeOf(device);
    if (device.token !== this.#device?.token) this.media = null;
    this.#device = device;
    this.#outbox = new Outbox(this.shelf, scope);
    this.seen = readJson<Seen>(this.shelf, `nc:${scope}:seen`);
    this.offset = this.seen?.offset ?? 0;
    this.code = readJson<CodePicture>(this.shelf, `nc:${scope}:code`);
    this.#refresh();
  }

  #enter(device: Device): void {
    this.#load(device);
    this.unreachable = false;
    this.#sender = new Sender(this.#outbox!, {
      send: (message) => this.#live?.send(message) ?? false,
      renew: () => this.#renew(),
      heardAt: () => this.#heardAt,
      now: () => Date.now(),
    });
    this.#sender.leads(this.#leads);
    this.#live = new Live({
      hello: () => ({ conference: device.conference, token: device.token, lang: this.language }),
      receive: (message) => this.#receive(message),
      line: (state) => this.#lineIs(state),
    });
    this.#live.start();
  }

  /** The line may look open and be mute: begin a new one. */
  #renew(): void {
    if (!this.#live || this.end) return;
    this.#live.stop();
    this.#setOpen(false);
    this.#live.start();
  }

  #lineIs(state: LineState): void {
    this.mute = this.#live?.mute ?? false;
    if (state.kind === 'waiting') this.held = state.code === Close.BUSY && this.waiting.length > 0;
    this.#setOpen(state.kind === 'open');
    if (state.kind === 'ended') this.#ended(state.code, state.reason);
  }

  #setOpen(open: boolean): void {
    if (this.open && !open) this.brokenAt = Date.now();
    if (open) {
      this.everOpen = true;
      this.#tries = UNKNOWN;
    }
    this.open = open;
    this.#sender?.opened(open);
  }

  #ended(code: number, reason: string): void {
    const underWay = this.#sender?.underWay;
    if (this.#tries.includes(code)) {
      this.#tries = [];
      this.#live = null;
      void this.#enrol(this.#device);
    } else if (code === Close.REVOKED || code === Close.UNAUTHENTICATED) {
      this.#revoked(this.#device!);
    } else if (code === Close.VERSION) this.#reloadOnce();
    else if (code === Close.BAD_MESSAGE && underWay) {
      // A tap of an older page that this server cannot read would stop all the others.
      this.#settleUnread(underWay);
      this.#live?.start();
    } else if (code === Close.NOT_FOUND) this.end = { kind: 'unknown' };
    else if (code === Close.BAD_MESSAGE) this.end = { kind: 'outdated' };
    else this.end = { kind: 'refused', message: reason };
  }

  /** It stays known, with what it could not send, until a person asks again. */
  #revoked(device: Device): void {
    keepDevice(this.shelf, this.#link, { ...device, revoked: true });
    this.#load(device);
    this.end = { kind: 'revoked' };
  }

  #settleUnread(id: string): void {
    this.#outbox?.settle(id, { kind: 'refused', at: this.now, code: 'unreadable', message: '' });
    this.#refresh();
  }

  #reloadOnce(): void {
    const last = Number(this.shelf.get('nc:reloaded') ?? 0);
    this.shelf.set('nc:reloaded', String(Date.now()));
    if (this.shelf.durable && Date.now() - last > RELOAD_ONCE_IN) location.reload();
    else this.end = { kind: 'outdated' };
  }

  #receive(message: ServerMessage): void {
    this.#heardAt = Date.now();
    this.offset = Math.round((this.#live?.now ?? Date.now()) - Date.now());
    if (message.t === 'welcome') void this.#bringMedia(message.media ?? false);
    if (message.t === 'point') this.#learn(message);
    if (message.t === 'held') this.held = message.held;
    if (message.t === 'done' || message.t === 'refused') {
      this.held = false;
      this.#sender?.answered(message);
      if (message.t === 'done' && message.point && this.seen && message.seq >= this.seen.seq) {
        this.#learn({ ...this.seen, seq: message.seq, point: message.point });
      }
      this.#refresh();
    }
  }

  /** Fetched when they are wanted, and again with the next line if that broke off: a weak line opens the room first. */
  async #bringMedia(wanted: boolean): Promise<void> {
    const device = this.#device!;
    if (!wanted) this.media = null;
    if (!wanted || this.media) return;
    const { RoomMedia } = await import('./media/room.svelte.ts').catch(() => ({ RoomMedia: null }));
    if (!RoomMedia || this.media || this.#device !== device) return;
    const { token, point } = device;
    const status = (figures: MediaFigures): boolean => this.#live?.status(figures) ?? false;
    this.media = new RoomMedia({ token, point, shelf: this.shelf, status });
  }

  #learn({ seq, point, conference, documents, notices }: Omit<Seen, 'offset'>): void {
    const { offset } = this;
    this.seen = { seq, offset, point, conference, documents, notices };
    this.shelf.set(`nc:${scopeOf(this.#device!)}:seen`, JSON.stringify(this.seen));
    if (point.code && this.code?.code !== point.code) void this.#fetchCode(point.code);
  }

  /** Fetched as soon as it is known, so that it is there when the line is not. */
  async #fetchCode(code: string): Promise<void> {
    const device = this.#device!;
    const svg = await fetchCode(device.token);
    if (!svg || this.code?.code === code) return;
    this.code = { code, svg };
    this.shelf.set(`nc:${scopeOf(device)}:code`, JSON.stringify(this.code));
  }

  #refresh(): void {
    if (this.#outbox) this.entries = this.#outbox.entries();
    this.durable = this.shelf.durable;
  }

  #tick(): void {
    this.clock = Date.now();
    this.#sender?.pump();
  }
}
