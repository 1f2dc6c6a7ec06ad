/**
 * The wall's state as its components see it. The model is plain data that frames change in place; what components read of it
 * goes through the counters below, so that a frame wakes only who shows something that changed.
 */
import { Api, ApiError } from '../shared/api.ts';
import { Close, Live, type LineState } from '../shared/socket.ts';
import type { MediaPass } from '../shared/media/session.ts';
import {
  type AirCommand, type Command, type ConferenceView, type Done, type NoticeView, type PointInfo, type PointRow, type ServerMessage, type Status, type Tally,
} from '../wire/socket.ts';
import { Attention, spoken } from './attention.ts';
import { Doubts } from './doubts.ts';
import { Tree } from './groups.ts';
import { i18n } from './i18n.svelte.ts';
import { scaleOf } from './layout.ts';
import { Model, type Touched } from './model.ts';
import { Pace, READ, SLICE, breath } from './pace.ts';
import { Pictures } from './pictures.ts';
import { Index } from './search.ts';
import { Shown, type MediaNow } from './shown.svelte.ts';
import {
  FILTERS, OFFICIAL, cycleFilter, readPath, readView, writeView, type Filter, type Mode, type View,
} from './view.ts';

/**
 * Tiles and headings. Above this a mosaic of everything is dust (16 × 10 px a tile at 1080 lines) and holds the page when
 * a country is in motion: the wall opens on groups.
 */
export const MOST_TILES = 5_000;
/** Narrower screens are held in a hand: groups first, rail as a view of its own. */
const NARROW = 760;

const LATE = 1_000; // ms without a line before the wall says so; a reconnect that takes less is not worth a banner
const SPEAK = 3_000; // ms in which falls into trouble are gathered to one message
const MAY_ACT = new Set(['administrator', 'organizer']);

const PHONE_REM = 11.2; // px: 14 px text where a line is read at arm's length

export type Stage = 'loading' | 'ready' | 'unknown' | 'forbidden' | 'revoked' | 'broken';

interface Session {
  kiosk?: { programme: boolean };
  account: { id: number; login: string; name: string; role: string; unit: string | null } | null;
}

type Listener = (touched: Touched) => void;

export class Wall {
  readonly model = new Model();
  readonly attention = new Attention();
  readonly doubts = new Doubts();
  readonly kiosk: boolean;
  readonly live: Live;
  readonly api: Api;
  readonly pictures = new Pictures({
    load: async (id, v) => {
      const path = `/api/conferences/${encodeURIComponent(this.#conferenceId)}/points/${id}/thumbnail`;
      return URL.createObjectURL((await this.api.blob(path, { query: { v } })).blob);
    },
    drop: (address) => URL.revokeObjectURL(address),
  });

  stage = $state<Stage>('loading');
  line = $state.raw<LineState>({ kind: 'connecting' });
  /** Rises with every frame that changed rows, and with every new list. */
  rowsVersion = $state(0);
  /** The same for whoever has to look at all rows again: at once, and then not at every frame. So do the sums. */
  siftVersion = $state(0);
  tallyVersion = $state(0);
  listVersion = $state(0);
  conference = $state.raw<ConferenceView | null>(null);
  tree = $state.raw(new Tree([]));
  /** All points in the official order. */
  ordered = $state.raw<readonly PointInfo[]>([]);
  calls = $state.raw<readonly PointRow[]>([]);
  /** Rooms on air, ready to be, or asked. */
  aired = $state.raw<readonly PointRow[]>([]);
  news = $state.raw<readonly PointRow[]>([]);
  /** Rooms whose headcount is doubtful. */
  odd = $state(0);
  /** The server's clock, once a second. */
  now = $state(0);
  /** The server's clock as of which the figures are true; 0: there are none. */
  heardAt = $state(0);
  stale = $state(false);
  /** The server takes connections and answers nothing. */
  mute = $state(false);
  /** Servers do not hear of each other at once: what is shown is true, but may be a second late. */
  degraded = $state(false);
  /** The server can write nothing now: what rooms do waits in their phones, and what is shown stands still. */
  held = $state(false);
  /** The server is there, and could not say yet who this wall is: it comes back. */
  busy = $state(false);
  /** What the organizers said to the rooms and stands, newest first. */
  notices = $state.raw<readonly NoticeView[]>([]);
  view = $state.raw<View>(readView(location.search));
  width = $state(innerWidth);
  height = $state(innerHeight);
  /** This installation carries picture and sound; without it nothing of them is shown. */
  media = $state(false);
  /** One message for screen readers, replaced by the next. */
  said = $state('');
  /** A kiosk that was made to show the programme. */
  #shows = $state(false);
  #role = $state<string | null>(null);
  #unit = $state<string | null>(null);
  #conferenceId: string;
  readonly #token: string | null;
  readonly #listeners = new Set<Listener>();
  #index = $state.raw(new Index([], new Tree([])));
  readonly #sift = new Pace(READ, () => (this.siftVersion += 1));
  readonly #sum = new Pace(READ, () => (this.tallyVersion += 1));
  readonly #tell = new Pace(READ, () => (this.news = this.attention.news));
  #fallen = new Map<Status, string[]>();
  #speaking: ReturnType<typeof setTimeout> | undefined;
  #brokenSince = Date.now();

  constructor(path = readPath(location.pathname)) {
    this.#token = path?.token ?? null;
    this.#conferenceId = path?.conference ?? '';
    this.kiosk = this.#token !== null;
    this.api = new Api({ language: () => i18n.language, ...(this.#token && { token: this.#token }) });
    this.live = new Live({
      hello: () => this.#hello(),
      receive: (message) => this.#receive(message),
      line: (state) => this.#onLine(state),
      watches: true,
    });
    if (!path) this.stage = 'unknown';
  }

  readonly narrow = $derived(this.width < NARROW);
  /** What 1 rem is on this screen, in px. */
  readonly rem = $derived(this.narrow ? PHONE_REM : 10 * scaleOf(this.width, this.height));
  readonly mayAct = $derived(this.#role !== null && MAY_ACT.has(this.#role));
  /** May change what all see: is bound to no unit. */
  readonly whole = $derived(this.mayAct && this.#unit === null);
  readonly total: Tally | null = $derived.by(() => {
    void this.tallyVersion;
    return this.model.tallies.get('') ?? null;
  });
  /** Ids of what the search finds, best first; `null` while nobody searches. */
  readonly found: readonly number[] | null = $derived(this.view.q.trim() === '' ? null : this.#index.find(this.view.q));
  readonly hits: ReadonlySet<number> | null = $derived(this.found && new Set(this.found));
  /** Points of the present unit, in the official order. */
  readonly inside: readonly PointInfo[] = $derived.by(() => {
    void this.listVersion;
    const { unit } = this.view;
    return unit === null ? this.ordered : this.ordered.filter((info) => this.tree.under(info.unit, unit));
  });
  readonly mode: Mode = $derived.by(() => {
    const wanted = this.view.mode ?? (this.narrow ? 'groups' : 'mosaic');
    const known = (wanted === 'watch' && !this.narrow) || (wanted === 'cards' && !this.looksIn) ? 'mosaic' : wanted;
    return known === 'mosaic' && this.crowded ? 'groups' : known;
  });
  /** More points than a mosaic can show: whoever asks for it gets the groups and is told why. */
  readonly crowded = $derived.by(() => {
    const { unit } = this.view;
    const headings = this.tree.leaders.filter((one) => unit === null || this.tree.under(one.code, unit));
    return this.inside.length + headings.length > MOST_TILES;
  });
  /** All points this audience may see. */
  readonly points = $derived.by(() => {
    void this.listVersion;
    return this.ordered.length;
  });

  /** May see into the rooms. A screen in a hallway may not. */
  get looksIn(): boolean {
    return this.media && !this.kiosk;
  }

  /** May watch what all see. */
  get watches(): boolean {
    return this.media && (this.mayAct || this.#shows);
  }

  // --- life

  start(): () => void {
    const resize = () => {
      this.width = innerWidth;
      this.height = innerHeight;
    };
    const back = () => (this.view = readView(location.search));
    addEventListener('resize', resize);
    addEventListener('popstate', back);
    const clock = setInterval(() => this.#tick(), 1000);
    if (this.stage === 'loading') {
      this.live.start();
      void this.#whoAmI();
    }
    return () => {
      removeEventListener('resize', resize);
      removeEventListener('popstate', back);
      clearInterval(clock);
      clearTimeout(this.#speaking);
      this.#sift.end();
      this.#sum.end();
      this.#tell.end();
      this.live.stop();
    };
  }

  /** Calls `listener` after every message that changed what the model holds. Returns how to end it. */
  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // --- reading

  get conferenceId(): string {
    return this.#conferenceId;
  }

  /** A point's row and info; reading them makes the reader follow every change. */
  point(id: number): { info: PointInfo; row: PointRow } | null {
    void this.rowsVersion;
    void this.listVersion;
    const info = this.model.infos.get(id);
    const row = this.model.rows.get(id);
    return info && row ? { info, row } : null;
  }

  tally(unit: string): Tally | null {
    void this.tallyVersion;
    return this.model.tallies.get(unit) ?? null;
  }

  /** What a room's short name needs beside it to be told from others. */
  besideShort(info: PointInfo): string {
    const code = this.tree.groupOf(info.unit, null);
    const own = this.tree.get(code)?.short ?? '';
    // A group's own room: "Huyện ủy" says nothing without "Ba Vì", but "Ba Vì 2" needs what Ba Vì belongs to.
    const named = code === info.unit && info.short.startsWith(own);
    return named ? (this.tree.parent(code)?.short ?? own) : own;
  }

  // --- going

  /** `push` where Back should return from it: another unit, another mode. */
  go(change: Partial<View>, push = false): void {
    this.view = { ...this.view, ...change };
    const address = location.pathname + writeView(this.view);
    if (push) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  }

  open(point: number | null): void {
    this.go({ point });
  }

  enter(unit: string | null): void {
    if (unit === this.view.unit) return;
    const single = unit !== null && !this.narrow && this.view.mode !== 'table';
    this.go({ unit, ...(single && { mode: null }) }, true);
    const name = unit === null ? i18n.t.groups.all : this.tree.get(unit)?.name;
    if (name) this.say(i18n.t.spoken.opened(name));
  }

  /** One level up from the present unit; `false` when it stands at the top. */
  leave(): boolean {
    const { unit } = this.view;
    if (unit === null) return false;
    const above = this.tree.parent(unit)?.code ?? null;
    // Where one unit stands at the top, showing it alone shows everything.
    const tops = this.tree.children(null);
    this.enter(tops.length === 1 && tops[0]?.code === above ? null : above);
    return true;
  }

  /** How many points one filter keeps. */
  kept(filter: Filter): number {
    return filter === 'odd' ? this.odd : (this.total?.statuses[filter] ?? 0);
  }

  filter(filters: readonly Filter[]): void {
    this.go({ filter: filters });
    const { spoken, statuses, odd } = i18n.t;
    const n = filters.reduce((sum, one) => sum + this.kept(one), 0);
    const names = filters.map((one) => (one === 'odd' ? odd.title : statuses[one])).join(', ');
    this.say(names ? spoken.filter(names, String(n)) : spoken.noFilter);
  }

  cycle(step: 1 | -1): void {
    const present = FILTERS.filter((one) => this.kept(one) > 0);
    this.filter(cycleFilter(this.view.filter, present, step));
  }

  plain(): void {
    this.go({ q: '', filter: [], sort: OFFICIAL });
  }

  /** Throws `CommandError` with the server's reason. */
  command(command: Command | AirCommand): Promise<Done> {
    return this.live.ask(command);
  }

  /** Where to watch a stream or to speak to a room; what a line of `shared/media` asks for. */
  pass(stream: string, act: 'watch' | 'publish'): (failed: string) => Promise<MediaPass> {
    const path = `/api/conferences/${encodeURIComponent(this.#conferenceId)}/media/passes`;
    return (failed) => this.api.post<MediaPass>(path, { stream, act, failed });
  }

  /** What the programme shows in the place of a room on air; asked by who may act there. */
  readonly shown = new Shown(() => this.api.get<MediaNow>(`/api/conferences/${encodeURIComponent(this.#conferenceId)}/media`));

  /** Where to watch what all see. */
  readonly programme = (failed: string): Promise<MediaPass> =>
    this.kiosk ? this.api.post<MediaPass>('/api/kiosk/media', { failed }) : this.pass('programme', 'watch')(failed);

  say(text: string): void {
    this.said = text;
  }

  // --- hearing

  #hello() {
    const place = this.model.place;
    return {
      conference: this.#conferenceId,
      lang: i18n.language,
      ...(this.#token && { token: this.#token }),
      ...(place && { resume: place }),
    };
  }

  #receive(message: ServerMessage): void {
    switch (message.t) {
      case 'welcome':
        this.#conferenceId = message.conference;
        this.media = message.media ?? false;
        this.model.welcome(message);
        if (message.resumed) this.stage = 'ready';
        break;
      case 'snapshot':
        this.#changed(this.model.snapshot(message));
        this.stage = 'ready';
        break;
      case 'frame': {
        this.#listen(message.rows ?? []);
        const touched = this.model.frame(message);
        if (touched) this.#changed(touched);
        break;
      }
      default:
        break;
    }
  }

  #changed(touched: Touched): void {
    const { model } = this;
    if (touched.list) {
      this.#list();
      this.attention.fold(model.rows, model.rows.keys(), true);
      this.doubts.fold(model, model.rows.keys(), true);
    } else {
      this.attention.fold(model.rows, touched.rows);
      this.doubts.fold(model, touched.rows);
    }
    for (const listener of this.#listeners) listener(touched);
    this.calls = this.attention.calls;
    this.aired = this.attention.aired;
    this.odd = this.doubts.ids.size;
    this.#tell.ask();
    if (touched.list) this.listVersion += 1;
    if (touched.rows.length > 0) {
      this.rowsVersion += 1;
      this.#sift.ask();
    }
    if (touched.tallies) this.#sum.ask();
    if (touched.conference) this.conference = model.conference;
    this.degraded = model.degraded;
    if (model.held && !this.held) this.say(`${i18n.t.line.held}: ${i18n.t.line.heldDetail}`);
    this.held = model.held;
    this.notices = model.notices;
    if (this.now === 0) this.#tick();
  }

  #list(): void {
    const { units, infos } = this.model;
    if (this.tree.units !== units) this.tree = new Tree(units);
    this.ordered = this.tree.ordered(infos.values());
    this.#index = new Index(this.ordered, this.tree);
    void this.#prepare(this.#index);
  }

  /** Names are read for the search before somebody types, a few milliseconds at a time. */
  async #prepare(index: Index): Promise<void> {
    let since = performance.now();
    while (!index.prepare(() => performance.now() - since > SLICE)) {
      await breath();
      if (index !== this.#index) return;
      since = performance.now();
    }
  }

  /** Rooms that fall into trouble are told to screen readers, gathered, before the model takes the rows over. */
  #listen(rows: readonly PointRow[]): void {
    for (const row of rows) {
      const before = this.model.rows.get(row.id)?.status;
      if (before === undefined || before === row.status) continue;
      if (row.status !== 'help' && row.status !== 'lost') continue;
      const name = this.model.infos.get(row.id)?.short ?? '';
      this.#fallen.set(row.status, [...(this.#fallen.get(row.status) ?? []), name]);
    }
    if (this.#fallen.size === 0 || this.#speaking !== undefined) return;
    this.#speaking = setTimeout(() => {
      this.#speaking = undefined;
      this.say(spoken(this.#fallen, i18n.t.spoken, i18n.t.statuses));
      this.#fallen = new Map();
    }, SPEAK);
  }

  #onLine(state: LineState): void {
    const before = this.line.kind;
    this.line = state;
    this.mute = this.live.mute;
    if (state.kind !== 'connecting') this.busy = state.kind === 'waiting' && state.code === Close.BUSY;
    if (state.kind === 'open') {
      if (this.stale) this.say(i18n.t.spoken.back);
      this.#tick();
    } else if (before === 'open') {
      this.#brokenSince = Date.now();
    }
    if (state.kind === 'silent') this.#tick();
    if (state.kind === 'ended') this.#ended(state.code);
  }

  #ended(code: number): void {
    if (code === Close.UNAUTHENTICATED && !this.kiosk) this.#login();
    else if (code === Close.NOT_FOUND) this.stage = 'unknown';
    else if (code === Close.FORBIDDEN) this.stage = 'forbidden';
    else if (code === Close.REVOKED || code === Close.UNAUTHENTICATED) this.stage = 'revoked';
    else this.stage = 'broken';
  }

  async #whoAmI(): Promise<void> {
    try {
      const { account, kiosk } = await this.api.get<Session>('/api/session');
      if (this.kiosk) {
        this.#shows = kiosk?.programme ?? false;
        return;
      }
      if (!account) return this.#login();
      this.#role = account.role;
      this.#unit = account.unit;
    } catch (cause) {
      // No answer, no right to act; the socket tells on its own whether the wall may be seen.
      if (!(cause instanceof ApiError)) throw cause;
    }
  }

  #login(): void {
    location.replace(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  #tick(): void {
    this.now = this.live.now;
    this.heardAt = this.live.heardAt;
    const broken = this.line.kind !== 'open' && Date.now() - this.#brokenSince > LATE;
    const stale = broken || this.line.kind === 'silent';
    if (stale && !this.stale && this.stage === 'ready') this.say(i18n.t.spoken.lost);
    this.stale = stale;
  }
}
