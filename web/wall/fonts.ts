/** The letters of the tiles are asked for before there is a tile to write them on. */

const LETTERS = 'aạ'; // one of each subset that Vietnamese needs
const WEIGHTS = [400, 500, 600]; // of the first picture; bolder ones come when something asks for them

let asked: Promise<unknown> | undefined;

/** Begins to load the fonts; resolves when they are here, or after `wait` ms whatever happens. */
export function fonts(wait: number): Promise<unknown> {
  asked ??= Promise.allSettled(
    WEIGHTS.flatMap((weight) => [
      document.fonts.load(`${weight} 12px "Be Vietnam Pro"`, LETTERS),
      document.fonts.load(`${weight} 12px "Figures"`, '0'),
    ]),
  );
  return Promise.race([asked, new Promise((resolve) => setTimeout(resolve, wait))]);
}
