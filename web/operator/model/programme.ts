import type { Faring } from '../../shared/media/figures.ts';
import type { MediaState } from '../../shared/media/line.ts';
import type { Texts } from '../texts/index.ts';

export interface Watching {
  state: MediaState;
  faring: Faring | null;
  soundOnly: boolean;
  weak: boolean;
  stopped: boolean;
}

export type Watched = 'stopped' | 'connecting' | 'playing' | 'sound' | 'weak' | 'starved' | 'quiet' | 'lost' | 'refused';

/** How the programme looks to a person. */
export function watched({ state, faring, soundOnly, weak, stopped }: Watching): Watched {
  if (state.kind === 'off') return stopped ? 'stopped' : 'connecting';
  if (state.kind !== 'open') return state.kind;
  if (soundOnly) return 'sound';
  // Sound without pictures that nobody asked for: the bridge leaves them out as long as the line does not bear them.
  if (faring?.alive && !faring.picture) return 'starved';
  return weak ? 'weak' : 'playing';
}

export function wording(watching: Watching, texts: Texts['programme']): string {
  const { state } = watching;
  const kind = watched(watching);
  const code = state.kind === 'lost' || state.kind === 'refused' ? state.code : '';
  return texts.codes[code] ?? texts[kind];
}
