/** Finding a room by what a person types: without accents, words in any order, best first. Pure. */
import { fold } from '../shared/format.ts';
import type { PointInfo } from '../wire/socket.ts';
import type { Tree } from './groups.ts';

const BREAK = '\n'; // after the name; no word that is looked for holds one

export class Index {
  readonly #infos: readonly PointInfo[];
  readonly #tree: Tree;
  /** Of each room what the tile says, and after a break everything else it may be known by: 37,000 are held as one text each. */
  readonly #lines: string[] = [];
  readonly #folded = new Map<string, string>(); // names of units above, folded once

  /** `infos` in the order in which equal hits shall stand. */
  constructor(infos: readonly PointInfo[], tree: Tree) {
    this.#infos = infos;
    this.#tree = tree;
  }

  /** Reads names until `enough`; false: there are more. A search does what is left. */
  prepare(enough: () => boolean): boolean {
    while (this.#lines.length < this.#infos.length) {
      this.#lines.push(this.#line(this.#infos[this.#lines.length]!));
      if (enough()) break;
    }
    return this.#lines.length === this.#infos.length;
  }

  /** Ids of the rooms that hold every word of `query`, best first; empty for an empty query. */
  find(query: string): number[] {
    const text = fold(query);
    if (text === '') return [];
    this.prepare(() => false);
    const words = text.split(' ');
    const ranked: number[][] = [[], [], [], [], []];
    this.#lines.forEach((line, i) => {
      if (words.every((word) => line.includes(word))) ranked[rank(line, text)]!.push(this.#infos[i]!.id);
    });
    return ranked.flat();
  }

  #line(info: PointInfo): string {
    const above = this.#tree.parent(info.unit)?.name ?? '';
    let unit = this.#folded.get(above);
    if (unit === undefined) this.#folded.set(above, (unit = fold(above)));
    // Joined and not added up: a sum would keep its parts beside it.
    return [fold(info.short), fold(`${info.title} ${info.unit} ${info.room}`), unit].join(BREAK);
  }
}

/** 0 the name itself, 1 its beginning, 2 the beginning of a word of it, 3 anywhere in it, 4 known by something else. */
function rank(line: string, text: string): number {
  const name = line.slice(0, line.indexOf(BREAK));
  if (name === text) return 0;
  if (name.startsWith(text)) return 1;
  if (name.includes(` ${text}`)) return 2;
  return name.includes(text) ? 3 : 4;
}
