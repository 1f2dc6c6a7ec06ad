/** How the line looks to a person: a break of a few seconds is no news yet. */
export type Look = 'up' | 'first' | 'trying' | 'down';

/** A break shorter than this shows as "reconnecting", in ms: a phone that changes masts is back by then. */
export const NO_NEWS = 5_000;

export function look(open: boolean, everOpen: boolean, brokenFor: number): Look {
  if (open) return 'up';
  if (brokenFor >= NO_NEWS) return 'down';
  return everOpen ? 'trying' : 'first';
}
