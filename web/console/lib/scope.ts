import type { NoticeView } from '../../wire/socket.ts';
import type { Texts } from '../texts/vi.ts';
import type { Board } from './board.ts';

/** Whom something is meant for, by name. */
export function scopeName({ unit, point }: NoticeView['scope'], board: Board, t: Texts): string {
  if (point !== null) return board.items.get(point)?.info.title ?? t.events.aPoint(point);
  return unit !== null ? (board.unit.get(unit)?.name ?? unit) : t.documents.scopeAll;
}
