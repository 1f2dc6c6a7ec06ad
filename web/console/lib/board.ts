import { fold } from '../../shared/format.ts';
import type {
  ConferenceView, DocumentView, Frame, NoticeView, PointInfo, PointRow, ServerMessage, Snapshot, Status, Tally, UnitView,
} from '../../wire/socket.ts';

/** A point as lists show it. `folded` is what a search without accents looks through. */
export interface PointItem {
  info: PointInfo;
  row: PointRow;
  group: string;
  folded: string;
}

/**
 * The conference as the socket tells it: a snapshot, then full values of what changed. Plain data, so that 40,000 rows
 * cost nothing to watch; `receive` answers what kind of thing changed.
 */
export class Board {
  epoch = '';
  seq = 0;
  conference: ConferenceView | null = null;
  units: UnitView[] = [];
  documents: DocumentView[] = [];
  notices: NoticeView[] = [];
  readonly unit = new Map<string, UnitView>();
  #leads = new Set<string>();
  readonly tallies = new Map<string, Tally>();
  readonly items = new Map<number, PointItem>();

  /** True when the message changed something that is shown. */
  receive(message: ServerMessage): boolean {
    if (message.t === 'snapshot') this.#snapshot(message);
    else if (message.t === 'frame') this.#frame(message);
    else return false;
    return true;
  }

  /** The whole of what this person may see; `null` before the first snapshot. */
  get whole(): Tally | null {
    return this.tallies.get('') ?? null;
  }

  /** Names of the units above and including `code`, the topmost first. */
  path(code: string): string[] {
    const names: string[] = [];
    for (let unit = this.unit.get(code); unit; unit = unit.parent ? this.unit.get(unit.parent) : undefined) {
      names.unshift(unit.name);
    }
    return names;
  }

  /** Codes of `code` and of every unit below it. */
  subtree(code: string): Set<string> {
    const inside = new Set([code]);
    // Units come parents first, so one pass is enough.
    for (const unit of this.units) if (unit.parent && inside.has(unit.parent)) inside.add(unit.code);
    return inside;
  }

  #snapshot(message: Snapshot): void {
    this.epoch = message.epoch;
    this.tallies.clear();
    this.items.clear();
    const rows = new Map(message.rows.map((row) => [row.id, row]));
    this.#units(message.units);
    for (const info of message.infos) {
      const row = rows.get(info.id);
      if (row) this.#item(info, row);
    }
    this.#frame({ ...message, t: 'frame', units: this.units, rows: [], infos: [] });
  }

  #frame(message: Frame): void {
    this.seq = message.seq;
    if (message.conference) this.conference = message.conference;
    if (message.documents) this.documents = message.documents;
    if (message.notices) this.notices = message.notices;
    if (message.units && message.units !== this.units) {
      this.#units(message.units);
      // A renamed unit changes what its points are found by.
      for (const { info, row } of this.items.values()) this.items.set(info.id, this.#made(info, row));
    }
    for (const tally of message.tallies ?? []) this.tallies.set(tally.unit, tally);
    const infos = new Map((message.infos ?? []).map((info) => [info.id, info]));
    for (const row of message.rows ?? []) {
      const info = infos.get(row.id) ?? this.items.get(row.id)?.info;
      if (info) this.#item(info, row);
      infos.delete(row.id);
    }
    for (const info of infos.values()) {
      const row = this.items.get(info.id)?.row;
      if (row) this.#item(info, row);
    }
    for (const id of message.removed ?? []) this.items.delete(id);
  }

  #units(units: UnitView[]): void {
    this.units = units;
    this.unit.clear();
    this.#leads = new Set(units.map((unit) => unit.parent ?? ''));
    for (const unit of units) this.unit.set(unit.code, unit);
  }

  #item(info: PointInfo, row: PointRow): void {
    const before = this.items.get(info.id);
    if (before && before.info === info) {
      this.items.set(info.id, { ...before, row });
      return;
    }
    this.items.set(info.id, this.#made(info, row));
  }

  #made(info: PointInfo, row: PointRow): PointItem {
    const group = this.#group(info.unit);
    return { info, row, group, folded: fold(`${info.title} ${group} ${info.unit}`) };
  }

  /** The unit one level up says where a point is: "Phúc Xá · Ba Đình"; a group's own room is in the group: "Quận ủy · Ba Đình". */
  #group(code: string): string {
    if (this.#leads.has(code)) return this.unit.get(code)?.short ?? '';
    const parent = this.unit.get(code)?.parent;
    return (parent && this.unit.get(parent)?.short) || '';
  }
}

export interface Filter {
  /** A status, `unreported` (in the room, no headcount yet) or '' for every point. */
  status: Status | 'unreported' | '';
  text: string;
  unit: string;
}

export const NO_FILTER: Filter = { status: '', text: '', unit: '' };

/** The points that a filter leaves, in the order of the board. Every word must be found, in any order. */
export function filterItems(board: Board, filter: Filter): PointItem[] {
  const words = fold(filter.text).split(' ').filter(Boolean);
  const inside = filter.unit ? board.subtree(filter.unit) : null;
  const kept: PointItem[] = [];
  for (const item of board.items.values()) {
    if (inside && !inside.has(item.info.unit)) continue;
    if (!hasStatus(item.row, filter.status)) continue;
    if (words.every((word) => item.folded.includes(word))) kept.push(item);
  }
  return kept;
}

function hasStatus(row: PointRow, status: Filter['status']): boolean {
  if (status === '') return true;
  if (status === 'unreported') return row.in_room === null && row.status !== 'none' && row.status !== 'left';
  return row.status === status;
}

export type SortKey = 'order' | 'name' | 'seats' | 'expected' | 'reported';

const KEYS: Record<Exclude<SortKey, 'order' | 'name'>, (item: PointItem) => number> = {
  seats: (item) => item.info.seats,
  expected: (item) => item.info.expected,
  reported: (item) => item.row.in_room ?? -1,
};

/** A sorted copy; `order` is the official order and ignores the direction. Equal values keep the official order. */
export function sortItems(items: PointItem[], key: SortKey, descending: boolean): PointItem[] {
  if (key === 'order') return items;
  const sign = descending ? -1 : 1;
  if (key === 'name') {
    const collator = new Intl.Collator('vi', { numeric: true });
    return items.toSorted((a, b) => sign * collator.compare(a.info.short, b.info.short));
  }
  const value = KEYS[key];
  return items.toSorted((a, b) => sign * (value(a) - value(b)));
}
