/** The word beside the pointer, or beside the tile the keyboard stands on: the room in full. */
import { clock, type Language } from '../shared/format.ts';
import type { PointInfo, PointRow } from '../wire/socket.ts';
import { doubtful } from './doubts.ts';
import { element, mark } from './marks.ts';
import type { Texts } from './texts/vi.ts';
import { people, since } from './tile.ts';

const GAP = 8; // px between the tile and the word, and between the word and the edge of the screen

export interface Told {
  row: PointRow;
  info: PointInfo;
  group: string;
  now: number;
  t: Texts;
  language: Language;
}

export function fillTip(tip: HTMLElement, { row, info, group, now, t, language }: Told): void {
  const status = element('p', '');
  status.append(mark(row.status), `${t.statuses[row.status]}, ${since(row, now, t)}`);
  const reported = row.reported_at ? clock(row.reported_at) : '';
  const counted = element('p', 'num', [people(row, info, t, language), reported].filter(Boolean).join(' · '));
  if (doubtful(row, info)) counted.prepend(mark('odd'));
  const lines = [
    element('b', '', info.title),
    element('p', '', [group, info.address].filter(Boolean).join(' · ')),
    status,
    counted,
  ];
  if (row.help) {
    const who = row.help_owner ? t.rail.taken(row.help_owner) : t.rail.nobody;
    lines.splice(3, 0, element('p', '', `${t.categories[row.help]} · ${who}`));
  }
  tip.replaceChildren(...lines);
}

/** Below the tile where there is room, above it otherwise; never beyond the screen. */
export function placeTip(tip: HTMLElement, tile: DOMRect): void {
  tip.hidden = false;
  const own = tip.getBoundingClientRect();
  const below = tile.bottom + GAP + own.height < innerHeight;
  tip.style.left = `${Math.max(GAP, Math.min(tile.left, innerWidth - own.width - GAP))}px`;
  tip.style.top = `${below ? tile.bottom + GAP : tile.top - own.height - GAP}px`;
}
