/** How a room is called on its tile: never an ellipsis, the last word whole, so that two neighbours stay two names. */

/** Width of a text in the unit the room is given in. */
export type Measure = (text: string) => number;

/**
 * The longest form of `name` that fits into `room`: words are shortened to initials from the left ("Nguyễn Trung Trực",
 * "N.Trung Trực", "N.T.Trực"), then left out from the left. Abbreviations and a number at the end stay. The last word is
 * given whole even where it does not fit; the tile cuts it at its edge.
 */
export function shorten(name: string, room: number, measure: Measure): string {
  if (measure(name) <= room) return name;
  const words = name.split(' ').filter((word) => word !== '');
  const last = words.length - (words.length > 1 && isNumber(words.at(-1) ?? '') ? 2 : 1);
  for (let cut = 1; cut <= last; cut += 1) {
    const text = joined(words, 0, cut);
    if (measure(text) <= room) return text;
  }
  for (let from = 1; from < last; from += 1) {
    const text = joined(words, from, last);
    if (measure(text) <= room) return text;
  }
  return words.slice(last).join(' ');
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
