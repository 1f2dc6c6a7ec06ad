import { fold } from '../../shared/format.ts';
import type { LiveConference } from './live.svelte.ts';

/** How many units a list of choices shows; another letter finds sooner than a longer list. */
const MOST = 40;

export interface UnitChoice {
  id: string;
  label: string;
  detail: string;
}

/** Units of this conference by name or code, found on this device; `summed` leaves out those that are a single room. */
export function unitChoices(live: LiveConference, text: string, { summed = false } = {}): UnitChoice[] {
  const word = fold(text);
  return live.units
    .filter((unit) => (!summed || live.board.tallies.has(unit.code)) && fold(`${unit.name} ${unit.code}`).includes(word))
    .slice(0, MOST)
    .map((unit) => ({ id: unit.code, label: unit.name, detail: live.board.path(unit.code).slice(0, -1).join(' › ') }));
}
