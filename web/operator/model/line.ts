/** How the line looks to a person: a break of a few seconds is no news yet. */
export type Look = 'up' | 'first' | 'trying' | 'silent' | 'down';

/** A break shorter than this shows as "reconnecting", in ms: a phone that changes masts is back by then. */
export const NO_NEWS = 5_000;

export interface LineNow {
  open: boolean;
  everOpen: boolean;
  /** The server takes connections and answers nothing. */
  mute: boolean;
  /** In ms. */
  brokenFor: number;
}

export function look({ open, everOpen, mute, brokenFor }: LineNow): Look {
  if (open) return 'up';
  if (mute) return 'silent';
  if (brokenFor >= NO_NEWS) return 'down';
  return everOpen ? 'trying' : 'first';
}
