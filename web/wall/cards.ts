/** Where every card stands: groups one below the other, as in the mosaic, in lines of equal cards. Pure; no event moves one. */
import type { Group } from './groups.ts';

/** `ids` empty: the heading of its group. Lengths in px. */
export interface CardLine {
  key: string;
  group: Group;
  ids: readonly number[];
  top: number;
  height: number;
}

export interface CardSizes {
  head: number;
  card: number;
  gap: number;
  /** Between two groups. */
  between: number;
}

export const acrossOf = (width: number, least: number, gap: number): number =>
  Math.max(1, Math.floor((width + gap) / (least + gap)));

export function cardLines(groups: readonly Group[], across: number, sizes: CardSizes): CardLine[] {
  const lines: CardLine[] = [];
  let top = 0;
  for (const group of groups) {
    lines.push({ key: `g${group.code}`, group, ids: [], top, height: sizes.head });
    top += sizes.head;
    for (let from = 0; from < group.points.length; from += across) {
      const ids = group.points.slice(from, from + across);
      lines.push({ key: `c${ids[0]}`, group, ids, top, height: sizes.card });
      top += sizes.card + sizes.gap;
    }
    top += sizes.between - sizes.gap;
  }
  return lines;
}

export const heightOf = (lines: readonly CardLine[]): number => {
  const last = lines.at(-1);
  return last ? last.top + last.height : 0;
};

/** The lines of which something lies between two heights. */
export function inSight(lines: readonly CardLine[], from: number, to: number): readonly CardLine[] {
  const first = lines.findIndex((line) => line.top + line.height > from);
  if (first < 0) return [];
  const end = lines.findIndex((line, at) => at > first && line.top >= to);
  return lines.slice(first, end < 0 ? undefined : end);
}

/** The card beside `id`: by `by` in reading order, or in the line of cards above (-1) or below (1). */
export function beside(lines: readonly CardLine[], id: number | null, { by = 0, line = 0 }: { by?: number; line?: number }): number | null {
  const rows = lines.filter((one) => one.ids.length > 0);
  const at = rows.findIndex((row) => id !== null && row.ids.includes(id));
  if (at < 0 || id === null) return rows[0]?.ids[0] ?? null;
  const column = rows[at]!.ids.indexOf(id);
  if (line !== 0) {
    const to = rows[at + line]?.ids ?? [];
    return to[Math.min(column, to.length - 1)] ?? id;
  }
  return rows[at]!.ids[column + by] ?? (by > 0 ? rows[at + 1]?.ids[0] : rows[at - 1]?.ids.at(-1)) ?? id;
}
