/**
 * The mosaic's one layer of elements. Every tile is made once and then only patched where its row changed, by hand and not
 * by a framework: a frame of 60 rows may touch 60 texts and classes and nothing else.
 */
import type { PointInfo, PointRow } from '../wire/socket.ts';
import { doubtful } from './doubts.ts';
import { Glow } from './glow.ts';
import type { Group } from './groups.ts';
import { Heading, MARKED, sumUp, type Words } from './heading.ts';
import { tilePlace, type Plan } from './layout.ts';
import { drawing, element } from './marks.ts';
import { beside, type Spot } from './moves.ts';
import { byLetter, shortenAll, type Measure } from './names.ts';
import { SLICE, breath } from './pace.ts';
import { face, people, timed } from './tile.ts';
import { TileElement } from './tileElement.ts';
import { keeps, type Filter } from './view.ts';

const SET_CLOSE = 0.975; // what the tiles' letter-spacing takes from the width of a letter

export interface Source {
  rows: ReadonlyMap<number, PointRow>;
  infos: ReadonlyMap<number, PointInfo>;
  labels: ReadonlyMap<number, string>;
  now: () => number;
}

export class Mosaic {
  readonly #host: HTMLElement;
  readonly #source: () => Source;
  readonly #words: () => Words;
  readonly #glow = new Glow();
  readonly #tiles = new Map<number, TileElement>();
  /** Tiles that show a waiting time. */
  readonly #timed = new Set<number>();
  readonly #dirty = new Set<number>();
  #flushing = false;
  #plan: Plan | null = null;
  #groups: readonly Group[] = [];
  #headings: Heading[] = [];
  #order: number[] = [];
  #lit: ReadonlySet<number> | null = null;
  #filter: readonly Filter[] = [];
  #open: number | null = null;
  #onAir: number | null = null;
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
   * Gives every tile its place. In slices, so that no step holds the page; resolves when the last tile stands, or early
   * when another call came in between.
   */
  async place(groups: readonly Group[], on: Plan): Promise<void> {
    const build = (this.#build += 1);
    const focused = this.#host.contains(document.activeElement);
    this.#begin(groups, on);
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
    if (!this.#plan) return;
    const { rows, infos, now } = this.#source();
    const at = now();
    for (const id of this.#timed) {
      const row = rows.get(id);
      const info = infos.get(id);
      if (row && info) this.#tiles.get(id)?.write(face(row, info, this.#plan.level, at));
    }
  }

  /** Which tiles stay lit: what this filter keeps and, while somebody searches, among these hits. */
  light(filter: readonly Filter[], hits: ReadonlySet<number> | null): void {
    this.#filter = filter;
    this.#lit = hits;
    for (const tile of this.#tiles.values()) this.#shade(tile);
  }

  /** Frames the tile whose drawer is open. */
  select(id: number | null): void {
    if (this.#open !== null) this.#tiles.get(this.#open)?.el.classList.remove('sel');
    this.#open = id;
    if (id !== null) this.#tiles.get(id)?.el.classList.add('sel');
  }

  /** Lights the lamp on the tile of the room that all see. */
  air(id: number | null): void {
    const before = this.#onAir;
    this.#onAir = id;
    for (const one of new Set([before, id])) this.#lamp(one === null ? undefined : this.#tiles.get(one));
    this.patch([before, id].filter((one) => one !== null));
  }

  /** Moves the one tab stop to a tile and the focus with it. */
  focus(id: number | null): void {
    if (id === null) return;
    const before = this.#stop === null ? undefined : this.#tiles.get(this.#stop);
    if (before) before.el.tabIndex = -1;
    this.#stop = id;
    const tile = this.#tiles.get(id);
    if (!tile) return;
    tile.el.tabIndex = 0;
    tile.el.focus();
  }

  /** The next tile from the tab stop on that is in trouble and lit; `null` when there is none. */
  nextTrouble(): number | null {
    const from = this.#stop === null ? -1 : this.#order.indexOf(this.#stop);
    const ahead = [...this.#order.slice(from + 1), ...this.#order.slice(0, from + 1)];
    const troubled = (id: number) => {
      const tile = this.#tiles.get(id);
      return tile !== undefined && tile.status !== null && MARKED.includes(tile.status) && !tile.off;
    };
    return ahead.find(troubled) ?? null;
  }

  /** The tile beside the tab stop in a direction, by where they stand on the screen. */
  beside(dx: -1 | 0 | 1, dy: -1 | 0 | 1): number | null {
    const spots = this.#spots();
    const from = spots.find((spot) => spot.id === this.#stop);
    return from ? beside(spots, from, dx, dy) : (this.#order[0] ?? null);
  }

  end(): void {
    this.#build += 1;
    this.#glow.end();
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

  // --- making

  #begin(groups: readonly Group[], on: Plan): void {
    this.#plan = on;
    this.#groups = groups;
    this.#tiles.clear();
    this.#timed.clear();
    this.#glow.end();
    this.#headings = [];
    this.#order = groups.flatMap((group) => group.points);
    if (this.#stop === null || !this.#order.includes(this.#stop)) this.#stop = this.#order[0] ?? null;
    this.#host.replaceChildren();
    this.#host.className = `mosaic lv${on.level}`;
    this.#host.style.cssText = sizes(on);
    this.#measure = this.#ruler(on);
  }

  #section(index: number, group: Group, on: Plan): HTMLElement {
    const { rows, infos, now } = this.#source();
    const [at, place] = [now(), on.groups[index]!];
    const section = element('section', 'group');
    section.style.cssText = `left:${place.x}px;top:${place.y}px;width:${place.width}px;height:${place.height}px`;
    section.setAttribute('role', 'group');
    section.setAttribute('aria-label', group.name);
    const heading = new Heading(group);
    this.#headings[index] = heading;
    section.append(heading.el);
    group.points.forEach((id, i) => {
      const info = infos.get(id);
      const row = rows.get(id);
      if (!info || !row) return;
      const tile = new TileElement(id, index, on);
      const spot = tilePlace(on, i);
      tile.el.style.cssText = `left:${spot.x}px;top:${spot.y}px`;
      tile.el.tabIndex = id === this.#stop ? 0 : -1;
      tile.changeSeq = row.change_seq;
      tile.el.classList.toggle('sel', id === this.#open);
      this.#lamp(tile);
      this.#tiles.set(id, tile);
      this.#show(tile, row, info, at);
      section.append(tile.el);
    });
    this.#name(index);
    this.#sum(index);
    return section;
  }

  #ruler(on: Plan): Measure {
    const pen = document.createElement('canvas').getContext('2d');
    if (!pen) throw new Error('this browser draws no text');
    // Always the heavier weight of a tile in trouble: a name must not change when its room does.
    pen.font = `600 ${on.nameSize}px ${getComputedStyle(this.#host).getPropertyValue('--face')}`;
    return byLetter((letter) => pen.measureText(letter).width * SET_CLOSE);
  }

  // --- patching

  async #flush(): Promise<void> {
    this.#flushing = true;
    try {
      while (this.#dirty.size > 0) {
        for (const group of this.#slice()) {
          this.#sum(group);
          this.#name(group);
        }
        if (this.#dirty.size > 0) await breath();
      }
    } finally {
      this.#flushing = false;
    }
  }

  /** As many of the changed tiles as fit into one slice; returns the groups they belong to. */
  #slice(): Set<number> {
    const { rows, infos, now } = this.#source();
    const [at, since, groups] = [now(), performance.now(), new Set<number>()];
    for (const id of this.#dirty) {
      this.#dirty.delete(id);
      const tile = this.#tiles.get(id);
      const row = rows.get(id);
      const info = infos.get(id);
      if (!tile || !row || !info) continue;
      if (row.change_seq !== tile.changeSeq || row.status !== tile.status) {
        this.#glow.light(tile.el, row.status !== tile.status && timed(row));
        tile.changeSeq = row.change_seq;
      }
      this.#show(tile, row, info, at);
      groups.add(tile.group);
      if (performance.now() - since > SLICE) break;
    }
    return groups;
  }

  #show(tile: TileElement, row: PointRow, info: PointInfo, at: number): void {
    if (!this.#plan) return;
    const { t, language } = this.#words();
    const group = this.#groups[tile.group]?.name ?? '';
    const about = t.mosaic.tile(info.title, group, t.statuses[row.status], people(row, info, t, language));
    const label = row.id === this.#onAir ? `${about}. ${t.air.states.on}` : about;
    tile.doubt(doubtful(row, info));
    tile.show(row, face(row, info, this.#plan.level, at), label);
    if (timed(row) && this.#named) this.#timed.add(tile.id);
    else this.#timed.delete(tile.id);
    this.#shade(tile);
  }

  #lamp(tile: TileElement | undefined): void {
    const on = tile?.id === this.#onAir;
    if (!tile || on === tile.el.classList.contains('air')) return;
    tile.el.classList.toggle('air', on);
    if (!on) return tile.el.querySelector('.lamp')?.remove();
    const lamp = element('span', 'lamp');
    lamp.append(drawing('air'));
    tile.el.append(lamp);
  }

  #shade(tile: TileElement): void {
    const unlit = this.#lit !== null && !this.#lit.has(tile.id);
    const out = tile.status !== null && !keeps(this.#filter, tile.status, tile.odd);
    tile.el.classList.toggle('off', unlit || out);
  }

  /** Cuts the names of one group to fit; again only when one of them is another. */
  #name(index: number): void {
    if (!this.#plan || !this.#named) return;
    const { infos, labels } = this.#source();
    const tiles = (this.#groups[index]?.points ?? []).flatMap((id) => this.#tiles.get(id) ?? []);
    const full = tiles.map((tile) => labels.get(tile.id) ?? infos.get(tile.id)?.short ?? '');
    if (tiles.every((tile, i) => tile.label === full[i])) return;
    const { tile: box, level } = this.#plan;
    const room = level === 'L' ? box.width * 0.88 : box.width - 4;
    const fitted = shortenAll(full, room, this.#measure);
    tiles.forEach((tile, i) => {
      tile.label = full[i]!;
      tile.name(fitted[i]!, this.#measure(fitted[i]!) > room);
    });
  }

  #sum(index: number): void {
    const { rows, infos } = this.#source();
    const points = this.#groups[index]?.points ?? [];
    this.#headings[index]?.say(sumUp(points, rows, infos), this.#words());
  }

  /** Tiles that are large enough carry a name, and a waiting time. */
  get #named(): boolean {
    return this.#plan?.level === 'L' || this.#plan?.level === 'M';
  }

  #spots(): Spot[] {
    const on = this.#plan;
    if (!on) return [];
    return this.#groups.flatMap((group, index) =>
      group.points.map((id, i) => {
        const { x, y } = tilePlace(on, i);
        return { id, x: on.groups[index]!.x + x, y: on.groups[index]!.y + y };
      }),
    );
  }
}

function sizes(on: Plan): string {
  return [
    `--w:${on.tile.width}px`, `--h:${on.tile.height}px`, `--hh:${on.head}px`, `--nf:${on.nameSize.toFixed(2)}px`,
    `--mf:${on.numberSize.toFixed(2)}px`, `height:${on.height}px`,
  ].join(';');
}
