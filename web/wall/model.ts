/**
 * What the wall knows: a snapshot and the frames after it, folded. Pure: no clock, no page, no network.
 *
 * The maps are changed in place, because a frame of 60 rows must not copy 37,000; every fold says what it touched, so that
 * the layers above patch that and nothing else.
 */
import type {
  ConferenceView, DocumentView, Frame, NoticeView, PointInfo, PointRow, Snapshot, Tally, UnitView, Welcome,
} from '../wire/socket.ts';

/** What a message changed. `list`: points came, went or moved in the tree, so places must be given out again. */
export interface Touched {
  rows: number[];
  tallies: boolean;
  conference: boolean;
  documents: boolean;
  list: boolean;
}

export class Model {
  epoch = '';
  seq = 0;
  /** The server's clock of the last message that told something, in ms. */
  now = 0;
  conference: ConferenceView | null = null;
  units: UnitView[] = [];
  infos = new Map<number, PointInfo>();
  rows = new Map<number, PointRow>();
  tallies = new Map<string, Tally>();
  documents: DocumentView[] = [];
  notices: NoticeView[] = [];
  /** What is shown is true, but may be a second late. */
  degraded = false;
  /** Nothing can be written now. */
  held = false;
  #awaits = true;

  /** A connection begins. Unless it resumes what is here, frames mean nothing before the snapshot that follows. */
  welcome(message: Pick<Welcome, 'epoch' | 'resumed'>): void {
    this.#awaits = !(message.resumed && message.epoch === this.epoch);
  }

  /** Where a new connection may go on from; `null`: from the beginning. */
  get place(): { epoch: string; seq: number; at: number } | null {
    return this.epoch ? { epoch: this.epoch, seq: this.seq, at: this.now } : null;
  }

  /** The snapshot is the whole truth: what it does not name is gone. */
  snapshot(message: Snapshot): Touched {
    this.#awaits = false;
    this.epoch = message.epoch;
    this.seq = message.seq;
    this.now = message.now;
    this.conference = message.conference;
    this.documents = message.documents;
    this.notices = message.notices;
    this.degraded = message.degraded;
    this.held = message.held;
    this.units = message.units;
    shareNames(message);
    this.infos = new Map(message.infos.map((info) => [info.id, info]));
    this.rows = new Map(message.rows.map((row) => [row.id, row]));
    this.tallies = new Map(message.tallies.map((tally) => [tally.unit, tally]));
    return { rows: [...this.rows.keys()], tallies: true, conference: true, documents: true, list: true };
  }

  /**
   * `null` when the frame says nothing new: it is older than what is here, or a snapshot is still to come. A frame of the
   * same `seq` counts, because presence (lines, devices) changes without one.
   */
  frame(message: Frame): Touched | null {
    if (this.#awaits || message.seq < this.seq) return null;
    this.seq = message.seq;
    this.now = message.now;
    let list = false;
    if (message.conference) this.conference = message.conference;
    if (message.documents) this.documents = message.documents;
    if (message.notices) this.notices = message.notices;
    if (message.degraded !== undefined) this.degraded = message.degraded;
    if (message.held !== undefined) this.held = message.held;
    if (message.units) {
      this.units = message.units;
      list = true;
    }
    for (const info of message.infos ?? []) {
      list ||= moved(this.infos.get(info.id), info);
      this.infos.set(info.id, info);
    }
    for (const row of message.rows ?? []) this.rows.set(row.id, row);
    for (const tally of message.tallies ?? []) this.tallies.set(tally.unit, tally);
    for (const id of message.removed ?? []) {
      list = this.infos.delete(id) || list;
      this.rows.delete(id);
    }
    return {
      rows: this.#present(message),
      tallies: message.tallies !== undefined,
      conference: message.conference !== undefined,
      documents: message.documents !== undefined,
      list,
    };
  }

  /** Points of which a frame tells something, each once. In a country in motion it tells of rows alone. */
  #present({ rows = [], infos = [], removed = [] }: Frame): number[] {
    const ids = rows.map((row) => row.id);
    if (infos.length === 0 && removed.length === 0) return ids;
    return [...new Set([...ids, ...infos.map((info) => info.id)])].filter((id) => this.rows.has(id));
  }
}

/** Most rooms are called as their unit is: such a name is held once. */
function shareNames({ units, infos }: Snapshot): void {
  const named = new Map(units.map((unit) => [unit.code, unit]));
  for (const info of infos) {
    const unit = named.get(info.unit);
    if (unit?.name === info.title) info.title = unit.name;
    if (unit?.short === info.short) info.short = unit.short;
  }
}

/** A new name alone moves nothing: the tile keeps its place and gets new text. */
function moved(before: PointInfo | undefined, after: PointInfo): boolean {
  return !before || before.unit !== after.unit;
}
