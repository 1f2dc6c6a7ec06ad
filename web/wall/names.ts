/** How a room is called on its tile: never an ellipsis, the last word whole, so that two neighbours stay two names. */

/** Width of a text in the unit the room is given in. */
export type Measure = (text: string) => number;

/**
 * Names for the tiles of one group, in their order. Each is the longest form that fits into `room` and that no neighbour
 * before it has: words are shortened to initials from the left ("N.Trung Trực", "N.T.Trực"), then left out from the left.
 * Abbreviations and a number at the end stay. Where nothing fits the last word is given whole; the tile cuts it at its edge.
 */
export function shortenAll(names: readonly string[], room: number, measure: Measure): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const fitting = forms(name).filter((form) => measure(form) <= room);
    const chosen = fitting.find((form) => !taken.has(form)) ?? fitting[0] ?? lastWord(words(name));
    taken.add(chosen);
    return chosen;
  });
}

/** Every way to write a name, the fullest first. */
function forms(name: string): string[] {
  const all = words(name);
  const numbered = all.length > 1 && isNumber(all.at(-1) ?? '');
  const last = all.length - (numbered ? 2 : 1);
  const found = [name];
  for (let cut = 1; cut <= last; cut += 1) found.push(joined(all, 0, cut));
  // "L.Thượng2": a lost blank is better than a lost "L.", which tells Láng Thượng from Khương Thượng.
  if (numbered && last > 0) found.push(joined(all, 0, last).replace(/ (\d+)$/, '$1'));
  for (let from = 1; from < last; from += 1) found.push(joined(all, from, last));
  found.push(lastWord(all));
  if (last > 0) found.push(joined(all, 0, last + 1));
  return found;
}

const words = (name: string) => name.split(' ').filter((word) => word !== '');

function lastWord(all: string[]): string {
  return all.slice(all.length - (all.length > 1 && isNumber(all.at(-1) ?? '') ? 2 : 1)).join(' ');
}

const isNumber = (word: string) => /^\d+$/.test(word);

function joined(words: string[], from: number, cut: number): string {
  return words
    .slice(from)
    .map((word, i) => (from + i < cut ? initial(word) : word))
    .join(' ')
    .replaceAll('. ', '.');
}

/** "UBND" and "II" are short already; "Trung" becomes "T.". */
function initial(word: string): string {
  return word === word.toUpperCase() ? word : `${[...word][0] ?? ''}.`;
}

/**
 * A measure that asks `slow` once for every letter and adds up: kerning is worth less than a pixel on a tile, and 37,000
 * names are measured in milliseconds instead of seconds.
 */
export function byLetter(slow: Measure): Measure {
  const known = new Map<string, number>();
  return (text) => {
    let width = 0;
    for (const letter of text) {
      let one = known.get(letter);
      if (one === undefined) {
        one = slow(letter);
        known.set(letter, one);
      }
      width += one;
    }
    return width;
  };
}
