import type { Tally, UnitView } from '../../wire/socket.ts';
import type { Board } from './board.ts';

export interface Group {
  unit: UnitView;
  tally: Tally;
}

/**
 * The groups a person thinks in: the units under the single top of the tree, or the tops themselves when there are
 * several. A chain of single units is passed over, but never further than the units the server sums up.
 */
export function topGroups(board: Board): Group[] {
  const below = new Map<string, UnitView[]>();
  for (const unit of board.units) {
    const parent = unit.parent && board.unit.has(unit.parent) ? unit.parent : '';
    below.set(parent, [...(below.get(parent) ?? []), unit]);
  }
  let level = below.get('') ?? [];
  for (let only = level[0]; level.length === 1 && only; only = level[0]) {
    const next = below.get(only.code);
    if (!next?.some((unit) => board.tallies.has(unit.code))) break;
    level = next;
  }
  return level.flatMap((unit) => {
    const tally = board.tallies.get(unit.code);
    return tally ? [{ unit, tally }] : [];
  });
}
