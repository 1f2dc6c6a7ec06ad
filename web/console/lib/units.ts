import { api } from './http.ts';
import type { Unit, UnitList } from './types.ts';

/** How many units one look at the tree brings; a parent with more offers the rest. */
export const UNITS_PAGE = 200;

/** Direct children of `parent` ('' for the roots), in the official order. */
export function childrenOf(parent: string, offset = 0, signal?: AbortSignal): Promise<UnitList> {
  return api.get<UnitList>('/api/units', { parent: parent || 'root', limit: UNITS_PAGE, offset }, signal);
}

/** Units whose name, code or alias holds the words, wherever they stand in the tree. */
export function findUnits(text: string, limit = 50, signal?: AbortSignal): Promise<UnitList> {
  return api.get<UnitList>('/api/units', { q: text, limit }, signal);
}

/** "Thành phố Hà Nội › Quận Ba Đình": where a found unit stands. */
export const pathOf = (unit: Unit): string => unit.path.join(' › ');
