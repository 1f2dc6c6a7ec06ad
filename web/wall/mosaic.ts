/**
 * The mosaic's one layer of elements. Every tile is made once and then only patched where its row changed, by hand and not
 * by a framework: a frame of 60 rows may touch 60 texts and classes and nothing else.
 */
import { count, type Language } from '../shared/format.ts';
import { PRESENT, type PointInfo, type PointRow, type Status } from '../wire/socket.ts';
import type { Group } from './groups.ts';
import { tilePlace, type Plan } from './layout.ts';
import { drawing, element } from './marks.ts';
import { byLetter, shortenAll, type Measure } from './names.ts';
import type { Texts } from './texts/vi.ts';
import { face, people, timed, type Face } from './tile.ts';

const SLICE = 8; // ms of making tiles before the browser may draw and answer again
const MOST_GLOWS = 24; // at once; beyond that a glow points nowhere
const GLOW = 1_500; // ms
// The glow fades in steps, as often as frames come: an animation would draw the whole wall sixty times a second.
const GLOW_STEP = 100;
/** A group's heading counts these, so that trouble is found in two steps: group, then tile. */
const MARKED: readonly Status[] = ['help', 'lost', 'weak', 'tv', 'none'];

export interface Source {
  rows: ReadonlyMap<number, PointRow>;
  infos: ReadonlyMap<number, PointInfo>;
  labels: ReadonlyMap<number, string>;
  now: () => number;
}

export interface Words {
  t: Texts;
  language: Language;
  /** Before the start a group says how many are ready, then how many are present. */
  starting: boolean;
}

interface Tile {
  id: number;
  group: number;
  el: HTMLButtonElement;
  line: HTMLElement | null;
  number: Text;
  small: HTMLElement | null;
  bar: HTMLElement | null;
  icon: Element | null;
  name: HTMLElement | null;
  /** The name before it was cut to fit. */
  label: string;
  status: Status | null;
  changeSeq: number;
  shown: Face;
}

interface Head {
  el: HTMLElement;
  marks: HTMLElement;
  present: Text;
  word: Text;
  people: Text;
  said: string;
}

const NOTHING: Face = { number: '', small: '', fill: null, mark: false };

export class Mosaic {
  readonly #host: HTMLElement;
  readonly #source: () => Source;
  readonly #words: () => Words;
  #plan: Plan | null = null;
  #groups: readonly Group[] = [];
  #tiles = new Map<number, Tile>();
  #order: number[] = [];
  #heads: Head[] = [];
  #timed = new Set<number>();
  /** When each glow began. */
  #glowing = new Map<number, number>();
  readonly #dirty = new Set<number>();
  #flushing = false;
  #fading: ReturnType<typeof setInterval> | undefined;
  #lit: ReadonlySet<number> | null = null;
  #filter: ReadonlySet<Status> = new Set();
  #open: number | null = null;
  #stop: number | null = null;
  #build = 0;
  #measure: Measure = () => 0;

  constructor(host: HTMLElement, source: () => Source, words: () => Words) {
    this.#host = host;
    this.#source = source;
    this.#words = words;
  }

  /** Ids in reading order. */
  get order(): readonly number[] {
    return this.#order;
  }

  /** The tile that Tab leads to. */
  get stop(): number | null {
    return this.#stop;
  }

  /**
   * Gives every tile its place. In slices, so that no step holds the page; resolves when the last tile stands, or at once
   * when another call came in between.
   */
  async place(groups: readonly Group[], on: Plan): Promise<void> {
    const build = (this.#build += 1);
    const focused = this.#host.contains(document.activeElement);
    this.#plan = on;
    this.#groups = groups;
    this.#tiles.clear();
    this.#timed.clear();
    this.#glowing.clear();
    this.#heads = [];
    this.#order = groups.flatMap((group) => group.points);
    if (this.#stop === null || !this.#order.includes(this.#stop)) this.#stop = this.#order[0] ?? null;
    this.#host.replaceChildren();
    this.#host.className = `mosaic lv${on.level}`;
    this.#host.style.cssText = sizes(on);
    this.#measure = this.#ruler(on);
    let since = -Infinity;
    for (const [index, group] of groups.entries()) {
      if (performance.now() - since > SLICE) {
        await breath();
        if (build !== this.#build) return;
        since = performance.now();
      }
      this.#host.append(this.#section(index, group, on));
    }
    if (focused) this.focus(this.#stop);
  }

  /** Writes what changed of these points: a frame at once, thousands of them in slices. */
  patch(ids: Iterable<number>): void {
    for (const id of ids) this.#dirty.add(id);
    if (!this.#flushing) void this.#flush();
  }

  /** Everything again, in the same places: the language or the phase changed. */
  refresh(): void {
    for (const head of this.#heads) head.said = '';
    this.patch(this.#order);
  }

  /** Cuts the names again: the fonts have come. */
  refit(): void {
    if (!this.#plan) return;
    this.#measure = this.#ruler(this.#plan);
    for (const tile of this.#tiles.values()) tile.label = '';
    this.refresh();
  }

  /** Once a second: waiting times of lost and calling rooms. */
  tick(): void {
    const { rows, infos, now } = this.#source();
    const at = now();
    for (const id of this.#timed) {
      const tile = this.#tiles.get(id);
      const row = rows.get(id);
      const info = infos.get(id);
      if (tile && row && info && this.#plan) this.#write(tile, face(row, info, this.#plan.level, at));
    }
  }

  /** Which tiles stay lit: of these statuses and, while somebody searches, among these hits. */
  light(filter: readonly Status[], hits: ReadonlySet<number> | null): void {
    this.#filter = new Set(filter);
    this.#lit = hits;
    for (const tile of this.#tiles.values()) this.#shade(tile);
  }

  /** Frames the tile whose drawer is open. */
  select(id: number | null): void {
    if (this.#open !== null) this.#tiles.get(this.#open)?.el.classList.remove('sel');
    this.#open = id;
    if (id !== null) this.#tiles.get(id)?.el.classList.add('sel');
  }

  /** Moves the one tab stop to a tile and the focus with it. */
  focus(id: number | null): void {
    if (id === null) return;
    this.#moveStop(id);
    this.#tiles.get(id)?.el.focus();
  }

  /** The next tile from the tab stop on that is in trouble and lit; `null` when there is none. */
  nextTrouble(): number | null {
    const { rows } = this.#source();
    const from = this.#stop === null ? -1 : this.#order.indexOf(this.#stop);
    for (let step = 1; step <= this.#order.length; step += 1) {
      const id = this.#order[(from + step) % this.#order.length]!;
      const row = rows.get(id);
      if (row && MARKED.includes(row.status) && !this.#tiles.get(id)?.el.classList.contains('off')) return id;
    }
    return null;
  }

  /** The tile beside the tab stop in a direction, by where they stand on the screen. */
  beside(dx: -1 | 0 | 1, dy: -1 | 0 | 1): number | null {
    const from = this.#centre(this.#stop);
    if (!from) return this.#order[0] ?? null;
    let nearest: number | null = null;
    let least = Infinity;
    for (const id of this.#order) {
      const to = this.#centre(id);
      if (!to || id === this.#stop) continue;
      const along = dx * (to.x - from.x) + dy * (to.y - from.y);
      const across = Math.abs(dx === 0 ? to.x - from.x : to.y - from.y);
      if (along < 2) continue;
      // Leaving the line costs more than going far along it: Right stays in the row as long as there is one.
      const far = along + across * 4;
      if (far < least) {
        least = far;
        nearest = id;
      }
    }
    return nearest;
  }

  end(): void {
    clearInterval(this.#fading);
  }

  tileAt(target: EventTarget | null): number | null {
    const el = target instanceof Element ? target.closest<HTMLElement>('[data-id]') : null;
    return el ? Number(el.dataset['id']) : null;
  }

  unitAt(target: EventTarget | null): string | null {
    const el = target instanceof Element ? target.closest<HTMLElement>('[data-unit]') : null;
    return el?.dataset['unit'] ?? null;
  }

  boundsOf(id: number): DOMRect | null {
    return this.#tiles.get(id)?.el.getBoundingClientRect() ?? null;
  }

  groupName(id: number): string {
    const tile = this.#tiles.get(id);
    return tile ? (this.#groups[tile.group]?.name ?? '') : '';
  }

  // --- making

  #section(index: number, group: Group, on: Plan): HTMLElement {
    const { rows, infos, now } = this.#source();
    const at = now();
    const place = on.groups[index]!;
    const section = element('section', 'group');
    section.style.cssText = `left:${place.x}px;top:${place.y}px;width:${place.width}px;height:${place.height}px`;
    section.setAttribute('role', 'group');
    section.setAttribute('aria-label', group.name);
    const head = this.#head(group);
    section.append(head.el);
    this.#heads[index] = head;
    group.points.forEach((id, i) => {
      const info = infos.get(id);
      const row = rows.get(id);
      if (!info || !row) return;
      const tile = makeTile(id, index, on);
      const spot = tilePlace(on, i);
      tile.el.style.cssText = `left:${spot.x}px;top:${spot.y}px`;
      tile.el.tabIndex = id === this.#stop ? 0 : -1;
      tile.changeSeq = row.change_seq;
      if (id === this.#open) tile.el.classList.add('sel');
      this.#tiles.set(id, tile);
      this.#show(tile, row, info, at);
      section.append(tile.el);
    });
    this.#nameAll(index);
    this.#sum(index);
    return section;
  }

  #head(group: Group): Head {
    const el = element('button', 'head');
    el.type = 'button';
    el.tabIndex = -1;
    el.dataset['unit'] = group.code;
    const marks = element('span', 'marks');
    const present = new Text();
    const word = new Text();
    const people = new Text();
    const b = element('b', 'num');
    b.append(present);
    const all = element('span', 'num people');
    all.append(people);
    const said = element('span', 'sum');
    said.append(b, ' ', word, all);
    const line = element('span', 'title');
    line.append(element('b', '', group.name), marks);
    el.append(line, said);
    return { el, marks, present, word, people, said: '' };
  }

  #ruler(on: Plan): Measure {
    const pen = document.createElement('canvas').getContext('2d');
    if (!pen) throw new Error('this browser draws no text');
    // Always the heavier weight of a tile in trouble: a name must not change when its room does.
    const style = getComputedStyle(this.#host);
    pen.font = `600 ${on.nameSize}px ${style.getPropertyValue('--face')}`;
    return byLetter((letter) => pen.measureText(letter).width * 0.975);
  }

  // --- patching

  async #flush(): Promise<void> {
    this.#flushing = true;
    while (this.#dirty.size > 0) {
      const { rows, infos, now } = this.#source();
      const [at, since, groups] = [now(), performance.now(), new Set<number>()];
      for (const id of this.#dirty) {
        this.#dirty.delete(id);
        const tile = this.#tiles.get(id);
        const row = rows.get(id);
        const info = infos.get(id);
        if (!tile || !row || !info) continue;
        this.#glow(tile, row);
        this.#show(tile, row, info, at);
        groups.add(tile.group);
        if (performance.now() - since > SLICE) break;
      }
      for (const group of groups) {
        this.#sum(group);
        this.#nameAll(group);
      }
      if (this.#dirty.size > 0) await breath();
    }
    this.#flushing = false;
  }

  #show(tile: Tile, row: PointRow, info: PointInfo, at: number): void {
    if (!this.#plan) return;
    const { t, language } = this.#words();
    if (tile.status !== row.status) {
      if (tile.status) tile.el.classList.remove(tile.status);
      tile.el.classList.add(row.status);
      tile.icon?.remove();
      tile.icon = null;
      tile.status = row.status;
    }
    const next = face(row, info, this.#plan.level, at);
    if (next.mark && !tile.icon && tile.line) {
      tile.icon = drawing(row.status);
      tile.line.prepend(tile.icon);
    }
    this.#write(tile, next);
    const label = t.mosaic.tile(info.title, this.groupName(tile.id), t.statuses[row.status], people(row, info, t, language));
    if (tile.el.ariaLabel !== label) tile.el.ariaLabel = label;
    if (timed(row) && (this.#plan.level === 'L' || this.#plan.level === 'M')) this.#timed.add(tile.id);
    else this.#timed.delete(tile.id);
    this.#shade(tile);
  }

  /** Cuts the names of one group to fit; again only when one of them is another. */
  #nameAll(index: number): void {
    if (this.#plan?.level !== 'L' && this.#plan?.level !== 'M') return;
    const { infos, labels } = this.#source();
    const tiles = (this.#groups[index]?.points ?? []).flatMap((id) => this.#tiles.get(id) ?? []);
    const full = tiles.map((tile) => labels.get(tile.id) ?? infos.get(tile.id)?.short ?? '');
    if (tiles.every((tile, i) => tile.label === full[i])) return;
    const { tile: box, level } = this.#plan;
    const room = level === 'L' ? box.width * 0.88 : box.width - 4;
    const fitted = shortenAll(full, room, this.#measure);
    tiles.forEach((tile, i) => {
      tile.label = full[i]!;
      if (!tile.name) return;
      tile.name.textContent = fitted[i]!;
      tile.name.classList.toggle('cut', this.#measure(fitted[i]!) > room);
    });
  }

  #write(tile: Tile, next: Face): void {
    const { shown } = tile;
    if (next.number !== shown.number) tile.number.data = next.number;
    if (tile.small && next.small !== shown.small) tile.small.textContent = next.small;
    if (tile.bar && next.fill !== shown.fill) tile.bar.style.width = `${next.fill ?? 0}%`;
    tile.shown = next;
  }

  #shade(tile: Tile): void {
    const unlit = this.#lit !== null && !this.#lit.has(tile.id);
    const out = this.#filter.size > 0 && tile.status !== null && !this.#filter.has(tile.status);
    tile.el.classList.toggle('off', unlit || out);
  }

  /** A change glows once. The gravest changes always do, the others while there is room. */
  #glow(tile: Tile, row: PointRow): void {
    if (row.change_seq === tile.changeSeq && row.status === tile.status) return;
    tile.changeSeq = row.change_seq;
    const grave = row.status !== tile.status && timed(row);
    if (this.#glowing.has(tile.id)) return;
    if (!grave && this.#glowing.size >= MOST_GLOWS) return;
    this.#glowing.set(tile.id, performance.now());
    tile.el.classList.add('fresh');
    tile.el.style.setProperty('--lit', '1');
    this.#fading ??= setInterval(() => this.#fade(), GLOW_STEP);
  }

  #fade(): void {
    const at = performance.now();
    for (const [id, from] of this.#glowing) {
      const left = 1 - (at - from) / GLOW;
      const el = this.#tiles.get(id)?.el;
      if (el && left > 0) {
        el.style.setProperty('--lit', (left * left).toFixed(2));
        continue;
      }
      this.#glowing.delete(id);
      el?.classList.remove('fresh');
    }
    if (this.#glowing.size > 0) return;
    clearInterval(this.#fading);
    this.#fading = undefined;
  }

  #sum(index: number): void {
    const head = this.#heads[index];
    const group = this.#groups[index];
    if (!head || !group) return;
    const { rows, infos } = this.#source();
    const counts = new Map<Status, number>();
    let [present, inRoom, expected] = [0, 0, 0];
    for (const id of group.points) {
      const row = rows.get(id);
      if (!row) continue;
      counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
      if (PRESENT.has(row.status)) present += 1;
      inRoom += row.in_room ?? 0;
      expected += infos.get(id)?.expected ?? 0;
    }
    const { t, language, starting } = this.#words();
    const ready = (counts.get('ready') ?? 0) + (counts.get('ok') ?? 0);
    const here = `${starting ? ready : present}/${group.points.length}`;
    const sum = `${count(inRoom, language)}/${count(expected, language)}`;
    const marked = MARKED.map((status) => [status, counts.get(status) ?? 0] as const).filter(([, n]) => n > 0);
    const said = `${here} ${sum} ${marked.map(([status, n]) => status + n).join()}`;
    if (said === head.said) return;
    head.said = said;
    head.present.data = here;
    head.word.data = starting ? t.totals.readyWord : t.totals.presentWord;
    head.people.data = sum;
    head.el.classList.toggle('grave', marked.some(([status]) => status === 'help' || status === 'lost'));
    head.el.classList.toggle('bad', marked.length > 0);
    head.marks.replaceChildren(...marked.map(([status, n]) => mini(status, n)));
    const troubles = marked.map(([status, n]) => `${n} ${t.statuses[status]}`).join(', ');
    head.el.ariaLabel = [
      t.mosaic.group(group.name, String(present), String(group.points.length)), troubles, t.mosaic.open,
    ].filter(Boolean).join('. ');
  }

  #moveStop(id: number): void {
    if (this.#stop !== null) {
      const before = this.#tiles.get(this.#stop);
      if (before) before.el.tabIndex = -1;
    }
    this.#stop = id;
    const tile = this.#tiles.get(id);
    if (tile) tile.el.tabIndex = 0;
  }

  #centre(id: number | null): { x: number; y: number } | null {
    const tile = id === null ? undefined : this.#tiles.get(id);
    const group = tile && this.#plan?.groups[tile.group];
    if (!tile || !group || !this.#plan) return null;
    const spot = tilePlace(this.#plan, this.#groups[tile.group]!.points.indexOf(tile.id));
    return { x: group.x + spot.x + this.#plan.tile.width / 2, y: group.y + spot.y + this.#plan.tile.height / 2 };
  }
}

function makeTile(id: number, group: number, on: Plan): Tile {
  const el = element('button', 't');
  el.type = 'button';
  el.dataset['id'] = String(id);
  const number = new Text();
  const tile: Tile = {
    id, group, el, line: null, number, small: null, bar: null, icon: null, name: null, label: '', status: null,
    changeSeq: 0, shown: NOTHING,
  };
  if (on.level === 'XS') {
    if (on.tile.height >= 9) tile.line = el;
    return tile;
  }
  if (on.level === 'S') {
    tile.line = el;
    el.append(number);
    return tile;
  }
  tile.name = element('b', '');
  tile.line = element('span', 'row');
  const figures = element('span', 'num');
  figures.append(number);
  if (on.level === 'L') {
    tile.small = element('small', '');
    figures.append(tile.small);
    tile.bar = element('i', '');
  }
  tile.line.append(figures);
  el.append(tile.name, tile.line);
  if (tile.bar) el.append(tile.bar);
  return tile;
}

function mini(status: Status, n: number): HTMLElement {
  const span = element('span', `mini ${status}`);
  span.append(drawing(status));
  if (n > 1) span.append(element('span', 'num', String(n)));
  return span;
}

function sizes(on: Plan): string {
  return [
    `--w:${on.tile.width}px`, `--h:${on.tile.height}px`, `--hh:${on.head}px`, `--nf:${on.nameSize.toFixed(2)}px`,
    `--mf:${on.numberSize.toFixed(2)}px`, `height:${on.height}px`,
  ].join(';');
}

/** Lets the browser draw and answer before going on. */
function breath(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}
