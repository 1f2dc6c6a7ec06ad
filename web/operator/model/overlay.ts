import type { PointView } from '../../wire/socket.ts';
import type { Entry, RoomCommand } from './outbox.ts';

export type Part = 'entry' | 'stage' | 'headcount' | 'tv' | 'help' | 'air';

/** What the room sees: the server's truth with its own unanswered taps on top, and which parts rest on those alone. */
export interface Shown {
  point: PointView;
  unsure: ReadonlySet<Part>;
}

/** `entry`: being in the room at all; `stage`: what follows from there. */
const PARTS: Record<RoomCommand['type'], Part> = {
  check_in: 'entry',
  ready: 'stage',
  leave: 'stage',
  report_headcount: 'headcount',
  follow_tv: 'tv',
  ask_help: 'help',
  resolve_help: 'help',
  answer_air: 'air',
};

/**
 * Lays over `truth` (as of `seq`) what was tapped and is not in it yet: entries without an answer, and entries
 * whose answer is newer than the truth, so that nothing flickers between the answer and the push that follows.
 * `offset` turns the phone's clock into the server's.
 */
export function overlay(truth: PointView, seq: number, entries: readonly Entry[], offset: number): Shown {
  let point = truth;
  const unsure = new Set<Part>();
  for (const entry of entries) {
    const { answer } = entry;
    if (answer && (answer.kind === 'refused' || answer.seq <= seq)) continue;
    point = apply(point, entry.command, entry.tappedAt + offset);
    if (!answer) unsure.add(PARTS[entry.command.type]);
  }
  return { point, unsure };
}

export function inside(point: Pick<PointView, 'stage'>): boolean {
  return point.stage === 'in' || point.stage === 'ready';
}

/** The rules of the server as far as a room needs them to see its own tap at once; the server's word replaces this. */
function apply(point: PointView, command: RoomCommand, at: number): PointView {
  switch (command.type) {
    case 'check_in':
      return inside(point) ? point : { ...point, stage: 'in', stage_at: at };
    case 'ready':
      return inside(point) ? { ...point, stage: command.ready === false ? 'in' : 'ready', stage_at: at } : point;
    case 'leave':
      return { ...point, stage: 'left', stage_at: at, tv: false, help: null, air: 'none' };
    case 'report_headcount':
      return {
        ...point,
        headcount: {
          in_room: command.in_room,
          absent_excused: command.absent_excused ?? null,
          absent_unexcused: command.absent_unexcused ?? null,
          occurred_at: at,
          received_at: at,
        },
      };
    case 'follow_tv':
      if (command.on === false) return { ...point, tv: false };
      return inside(point) ? { ...point, tv: true } : { ...point, tv: true, stage: 'in', stage_at: at };
    case 'ask_help':
      return {
        ...point,
        help: {
          category: command.category,
          note: command.note ?? '',
          since: point.help?.since ?? at,
          owner: point.help?.owner ?? null,
        },
      };
    case 'resolve_help':
      return { ...point, help: null };
    case 'answer_air':
      if (command.accept === false) return { ...point, air: 'none' };
      return point.air === 'asked' ? { ...point, air: 'ready' } : point;
  }
}

/** Waiting taps that a later one of the same kind replaces in effect. They are sent all the same: the record is whole. */
export function superseded(waiting: readonly Entry[]): Set<string> {
  const old = new Set<string>();
  const seen = new Set<string>();
  for (const entry of [...waiting].reverse()) {
    const kind = entry.command.type;
    if (kind !== 'report_headcount' && kind !== 'follow_tv') continue;
    if (seen.has(kind)) old.add(entry.id);
    seen.add(kind);
  }
  return old;
}
