/** Finding a room by what a person types: without accents, words in any order, best first. Pure. */
import { fold } from '../shared/format.ts';
import type { PointInfo } from '../wire/socket.ts';
import type { Tree } from './groups.ts';

interface Entry {
  id: number;
  /** What the tile says. */
  name: string;
  /** Everything the room may be known by. */
  all: string;
}

export class Index {
  readonly #infos: readonly PointInfo[];
  readonly #tree: Tree;
  readonly #entries: Entry[] = [];
  readonly #folded = new Map<string, string>(); // names of units above, folded once

  /** `infos` in the order in which equal hits shall stand. */
  constructor(infos: readonly PointInfo[], tree: Tree) {
    this.#infos = infos;
    this.#tree = tree;
  }

  /** Reads names until `enough`; false: there are more. A search does what is left. */
  prepare(enough: () => boolean): boolean {
    while (this.#entries.length < this.#infos.length) {
      this.#entries.push(this.#entry(this.#infos[this.#entries.length]!));
      if (enough()) break;
    }
    return this.#entries.length === this.#infos.length;
  }

  /** Ids of the rooms that hold every word of `query`, best first; empty for an empty query. */
  find(query: string): number[] {
    const text = fold(query);
    if (text === '') return [];
    this.prepare(() => false);
    const words = text.split(' ');
    const ranked: number[][] = [[], [], [], [], []];
    for (const entry of this.#entries) {
      if (words.every((word) => entry.all.includes(word))) ranked[rank(entry, text)]!.push(entry.id);
    }
    return ranked.flat();
  }

  #entry(info: PointInfo): Entry {
    const above = this.#tree.parent(info.unit)?.name ?? '';
    let unit = this.#folded.get(above);
    if (unit === undefined) this.#folded.set(above, (unit = fold(above)));
    const name = fold(info.short);
    return { id: info.id, name, all: `${fold(`${info.title} ${info.unit} ${info.room}`)} ${name} ${unit}` };
  }
}

/** 0 the name itself, 1 its beginning, 2 the beginning of a word of it, 3 anywhere in it, 4 known by something else. */
function rank(entry: Entry, text: string): number {
  if (entry.name === text) return 0;
  if (entry.name.startsWith(text)) return 1;
  if (entry.name.includes(` ${text}`)) return 2;
  return entry.name.includes(text) ? 3 : 4;
}
