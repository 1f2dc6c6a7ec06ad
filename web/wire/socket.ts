/**
 * The WebSocket's messages as named objects. The wire leaves out what is at its default and sends rows and tallies as
 * tuples; here every field is present and has a name, so that no page ever counts positions. What the server sends is generated: `protocol.ts`.
 */
import { STATUSES } from './protocol.ts';
import type * as wire from './protocol.ts';

export { CLOSE, PROTOCOL_VERSION } from './protocol.ts';
export { STATUSES };
export type {
  Change, DocumentState, Headcount, HelpCategory, Line, Phase, Quality, Retry, Stage, Status,
} from './protocol.ts';

/** Who is in the room as far as a count goes: the line may be bad, the people are there. */
export const PRESENT: ReadonlySet<wire.Status> = new Set(['help', 'weak', 'tv', 'in', 'ready', 'ok']);

/** `T` with nothing left out. */
type Whole<T> = { [K in keyof T]-?: T[K] };
/** A tuple as an object: the fields are named as the server names them. */
type Named<Names extends readonly string[], Values extends readonly unknown[]> = {
  [I in Exclude<keyof Names, keyof readonly unknown[]> as Names[I] & string]: I extends keyof Values ? Values[I] : never;
};

export type ConferenceView = Whole<wire.ConferenceView>;
export type UnitView = Whole<wire.UnitView>;
export type PointInfo = Whole<wire.PointInfo>;
export type MediaView = Named<typeof wire.MEDIA_VIEW, Required<wire.MediaView>>;
/** `media` is null for a room that has no part in them. */
export type PointRow = Omit<Named<typeof wire.POINT_ROW, wire.PointRow>, 'media'> & { media: MediaView | null };
export type Tally = Omit<Named<typeof wire.TALLY, wire.Tally>, 'statuses' | 'playing'> & {
  statuses: Record<wire.Status, number>;
  playing: number;
};
export type DocumentView = Omit<Whole<wire.DocumentView>, 'scope'> & { scope: Whole<wire.Scope> };
export type NoticeView = Omit<Whole<wire.NoticeView>, 'scope'> & { scope: Whole<wire.Scope> };
export type HelpView = Whole<wire.HelpView>;
export type PointView = Omit<Whole<wire.PointView>, 'help'> & { help: HelpView | null };

/** One failure in the one shape of the product; `code` is for programs, `message` for people. */
export type ServerError = wire.Error;

// --- client to server

/** What is done for one room, by its operators or in their place. */
export type Command =
  | wire.CheckIn | wire.Ready | wire.ReportHeadcount | wire.FollowTv | wire.Leave
  | wire.AskHelp | wire.TakeHelp | wire.ResolveHelp;
/** What organizers do with a room on air. */
export type AirCommand = wire.AskAir | wire.PutOnAir | wire.EndAir;
export type Hello = Omit<wire.HelloMessage, 't' | 'v'>;
export type Do = Omit<wire.DoMessage, 't'>;

// --- server to client

export type Welcome = wire.WelcomeMessage;
export type Pulse = wire.PulseMessage;
export type Held = wire.HeldMessage;

export interface Snapshot {
  t: 'snapshot';
  epoch: string;
  seq: number;
  now: number;
  conference: ConferenceView;
  units: UnitView[];
  infos: PointInfo[];
  rows: PointRow[];
  tallies: Tally[];
  documents: DocumentView[];
  /** Those that stand, newest first. */
  notices: NoticeView[];
  /** Servers do not hear of each other at once: what is shown is true, but may be a second late. */
  degraded: boolean;
  /** Nothing can be written now: what rooms do waits in their phones. */
  held: boolean;
}

/** Full values of what changed; a part that is missing did not change. */
export type Frame = Pick<Snapshot, 'seq' | 'now'> &
  Partial<Omit<Snapshot, 't' | 'epoch'>> & { t: 'frame'; removed?: number[] };

export interface PointMessage {
  t: 'point';
  seq: number;
  now: number;
  point: PointView;
  conference: ConferenceView;
  documents: DocumentView[];
  notices: NoticeView[];
}

export type Done = Omit<Whole<wire.DoneMessage>, 'point'> & { point: PointView | null };
export type Refused = Whole<wire.RefusedMessage>;
export type Bye = Whole<wire.ByeMessage>;

export type ServerMessage = Welcome | Snapshot | Frame | PointMessage | Done | Refused | Held | Pulse | Bye;

// --- decoding
// What was parsed belongs to this page alone: it is completed where it stands, because a snapshot of 37,000 points that
// is copied once more costs more than all the rest of its opening.

const conference = (sent: wire.ConferenceView): ConferenceView => ({
  place: '', help_phone: '', code: null, code_expires_at: null, on_air: null, ...sent,
});

function unit(sent: wire.UnitView): UnitView {
  sent.kind ??= '';
  sent.parent ??= null;
  return sent as UnitView;
}

function info(sent: wire.PointInfo): PointInfo {
  sent.seats ??= 0;
  sent.expected ??= 0;
  sent.room ??= '';
  sent.address ??= '';
  return sent as PointInfo;
}

const scope = (sent: wire.Scope | undefined): Whole<wire.Scope> => ({ unit: null, point: null, ...sent });

const document = (sent: wire.DocumentView): DocumentView => ({
  release_at: null, pages: null, ...sent, scope: scope(sent.scope),
});

const notice = (sent: wire.NoticeView): NoticeView => ({ to: 'all', ...sent, scope: scope(sent.scope) });

export const point = (sent: wire.PointView): PointView => ({
  code: null,
  air: 'none',
  ...sent,
  headcount: sent.headcount ?? null,
  help: sent.help ? { note: '', owner: null, ...sent.help } : null,
});

function media([air, playing, loss, freezes, level, picture, frames = 0, voice = false]: wire.MediaView): MediaView {
  return { air, playing, loss, freezes, level, picture, frames, voice };
}

export function row(sent: wire.PointRow): PointRow {
  const [
    id, status, since, in_room, absent_excused, absent_unexcused, reported_at, scans, opens, devices,
    quality, help, help_owner, change, change_at, change_seq, seen,
  ] = sent;
  return {
    id, status, since, in_room, absent_excused, absent_unexcused, reported_at, scans, opens, devices,
    quality, help, help_owner, change, change_at, change_seq, media: seen ? media(seen) : null,
  };
}

export function tally(sent: wire.Tally): Tally {
  const [
    unit, points, present, attended, reported, expected, declared, absent_excused, absent_unexcused,
    scans, opens, devices, counts, playing = 0,
  ] = sent;
  // In the order of STATUSES, at once: an object that grows name by name takes twice the memory, and a country's frames
  // bring thousands a second.
  const [help = 0, lost = 0, weak = 0, tv = 0, none = 0, inside = 0, ready = 0, ok = 0, left = 0] = counts;
  const statuses: Tally['statuses'] = { help, lost, weak, tv, none, in: inside, ready, ok, left };
  return {
    unit, points, present, attended, reported, expected, declared, absent_excused, absent_unexcused,
    scans, opens, devices, statuses, playing,
  };
}

function frame(sent: wire.FrameMessage): Frame {
  const decoded: Frame = { t: 'frame', seq: sent.seq, now: sent.now };
  if (sent.conference) decoded.conference = conference(sent.conference);
  if (sent.units) decoded.units = sent.units.map(unit);
  if (sent.infos) decoded.infos = sent.infos.map(info);
  if (sent.rows) decoded.rows = sent.rows.map(row);
  if (sent.tallies) decoded.tallies = sent.tallies.map(tally);
  if (sent.documents) decoded.documents = sent.documents.map(document);
  if (sent.notices) decoded.notices = sent.notices.map(notice);
  if (sent.removed) decoded.removed = sent.removed;
  if (sent.degraded !== undefined) decoded.degraded = sent.degraded;
  if (sent.held !== undefined) decoded.held = sent.held;
  return decoded;
}

/** One text frame of the socket; `null` for a kind this page does not know. Throws when it is no JSON. */
export function decode(text: string): ServerMessage | null {
  const sent = JSON.parse(text) as wire.ServerMessage;
  switch (sent.t) {
    case 'welcome':
    case 'held':
    case 'pulse':
      return sent;
    case 'snapshot':
      return {
        ...sent,
        conference: conference(sent.conference),
        units: sent.units.map(unit),
        infos: sent.infos.map(info),
        rows: sent.rows.map(row),
        tallies: sent.tallies.map(tally),
        documents: sent.documents.map(document),
        notices: (sent.notices ?? []).map(notice),
        degraded: sent.degraded ?? false,
        held: sent.held ?? false,
      };
    case 'frame':
      return frame(sent);
    case 'point':
      return {
        ...sent,
        point: point(sent.point),
        conference: conference(sent.conference),
        documents: sent.documents.map(document),
        notices: (sent.notices ?? []).map(notice),
      };
    case 'done':
      return { again: false, ...sent, point: sent.point ? point(sent.point) : null };
    case 'refused':
      return { id: null, ...sent };
    case 'bye':
      return { retry: null, ...sent };
    default:
      return null;
  }
}
