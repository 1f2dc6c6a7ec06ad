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
  readonly #entries: Entry[];

  /** `infos` in the order in which equal hits shall stand. */
  constructor(infos: Iterable<PointInfo>, tree: Tree) {
    this.#entries = Array.from(infos, (info) => {
      const above = tree.parent(info.unit)?.name ?? '';
      return { id: info.id, name: fold(info.short), all: fold([info.title, info.short, info.unit, info.room, above].join(' ')) };
    });
  }

  /** Ids of the rooms that hold every word of `query`, best first; empty for an empty query. */
  find(query: string): number[] {
    const text = fold(query);
    if (text === '') return [];
    const words = text.split(' ');
    const ranked: [rank: number, id: number][] = [];
    for (const entry of this.#entries) {
      if (words.every((word) => entry.all.includes(word))) ranked.push([rank(entry, text), entry.id]);
    }
    return ranked.sort(([a], [b]) => a - b).map(([, id]) => id);
  }
}

/** 0 the name itself, 1 its beginning, 2 the beginning of a word of it, 3 anywhere in it, 4 known by something else. */
function rank(entry: Entry, text: string): number {
  if (entry.name === text) return 0;
  if (entry.name.startsWith(text)) return 1;
  if (entry.name.includes(` ${text}`)) return 2;
  return entry.name.includes(text) ? 3 : 4;
}
