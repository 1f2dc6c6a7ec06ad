/* Generated from server/protocol by `make openapi`; do not edit. */

export const PROTOCOL_VERSION = 1;
export const MAX_HEADCOUNT = 20000;
export const MAX_LABEL = 200;
export const MAX_NOTE = 500;
export const MAX_BATCH = 2000;

/** Why a socket was closed. */
export const CLOSE = {
  RESTART: 1012,
  TOO_SLOW: 4000,
  SILENT: 4001,
  BUSY: 4002,
  BAD_MESSAGE: 4100,
  UNAUTHENTICATED: 4101,
  FORBIDDEN: 4103,
  NOT_FOUND: 4104,
  REVOKED: 4110,
  VERSION: 4111,
} as const;

export type Phase = 'draft' | 'rehearsal' | 'live' | 'closed';

export type Status = 'help' | 'lost' | 'weak' | 'tv' | 'none' | 'in' | 'ready' | 'ok' | 'left';

export type Stage = 'none' | 'in' | 'ready' | 'left';

export type Line = 'none' | 'up' | 'lost';

export type Quality = 'unknown' | 'good' | 'weak';

export type HelpCategory = 'no_sound' | 'no_picture' | 'line' | 'documents' | 'other';

export type DocumentState = 'waiting' | 'released' | 'withdrawn';

export type ScanKind = 'scan' | 'open';

export type Air = 'none' | 'asked' | 'ready' | 'on';

export type NoticeTo = 'all' | 'attendees' | 'operators';

export type Role = 'administrator' | 'organizer' | 'viewer' | 'operator' | 'system';

export type Change = 'added' | 'edited' | 'in' | 'ready' | 'not_ready' | 'left' | 'tv' | 'tv_off' | 'lost' | 'returned' | 'headcount' | 'help' | 'help_taken' | 'help_resolved';

/** In the order of every tally. */
export const STATUSES = ['help', 'lost', 'weak', 'tv', 'none', 'in', 'ready', 'ok', 'left'] as const;

/** What the client has: the `seq` and `now` of its last picture or frame. `at` 0: not known. */
export interface Resume {
  epoch: string;
  seq: number;
  at?: number;
}

/**
 * The first message. `token`: a device's, a kiosk's or an API token; without one the session cookie counts.
 *
 * `unit` narrows an organizer's view to a subtree of what the organizer may see. `conference` may be
 * empty with a token that is bound to one.
 */
export interface HelloMessage {
  t: 'hello';
  v: number;
  conference: string;
  token?: string | null;
  resume?: Resume | null;
  unit?: string | null;
  lang?: string;
}

export interface EditConference {
  type: 'edit_conference';
  title?: string;
  starts_at?: number;
  place?: string;
  help_phone?: string;
}

export interface SetPhase {
  type: 'set_phase';
  phase: Phase;
}

export interface PointEdit {
  point: number;
  name?: string;
  seats?: number;
  expected?: number;
  address?: string;
  lat?: number | null;
  lon?: number | null;
}

export interface EditPoints {
  type: 'edit_points';
  edits: PointEdit[];
}

/** The rooms `points` become part of the room `into`; their seats and expected people are added to it. */
export interface MergePoints {
  type: 'merge_points';
  into: number;
  points: number[];
}

export interface ClosePoints {
  type: 'close_points';
  points: number[];
  reason?: string;
}

export interface ReopenPoints {
  type: 'reopen_points';
  points: number[];
}

/** New secret links; the old ones and every device that came by them stop. None means every point. */
export interface RenewLinks {
  type: 'renew_links';
  points?: number[] | null;
}

export interface RevokeLinks {
  type: 'revoke_links';
  points?: number[] | null;
}

export interface RemoveDevice {
  type: 'remove_device';
  point: number;
  device: number;
}

export interface RevokeCode {
  type: 'revoke_code';
  point?: number | null;
}

/** When all document codes of the conference end; None: with the documents. */
export interface SetCodeExpiry {
  type: 'set_code_expiry';
  expires_at?: number | null;
}

export interface CheckIn {
  type: 'check_in';
  point: number;
}

export interface Ready {
  type: 'ready';
  point: number;
  ready?: boolean;
}

/** People in the room now; absences only where the room was asked for them. */
export interface ReportHeadcount {
  type: 'report_headcount';
  point: number;
  in_room: number;
  absent_excused?: number | null;
  absent_unexcused?: number | null;
}

/** The room follows on television or radio (`on`), or on the line again. */
export interface FollowTv {
  type: 'follow_tv';
  point: number;
  on?: boolean;
}

export interface Leave {
  type: 'leave';
  point: number;
}

export interface AskHelp {
  type: 'ask_help';
  point: number;
  category: HelpCategory;
  note?: string;
}

/** An organizer takes the call for help and answers for it. */
export interface TakeHelp {
  type: 'take_help';
  point: number;
}

export interface ResolveHelp {
  type: 'resolve_help';
  point: number;
  note?: string;
}

/** Which rooms something is meant for: everybody (both empty), a unit's subtree, or one point. */
export interface Scope {
  unit?: string | null;
  point?: number | null;
}

/** `release_at` None: released at once. A document is never given to anybody before its release time. */
export interface EditDocument {
  type: 'edit_document';
  document: number;
  title?: string;
  scope?: Scope;
  release_at?: number | null;
}

/** Every document of the conference, in the order people shall see. */
export interface OrderDocuments {
  type: 'order_documents';
  documents: number[];
}

export interface WithdrawDocument {
  type: 'withdraw_document';
  document: number;
}

export interface RestoreDocument {
  type: 'restore_document';
  document: number;
}

/** A few sentences for the phones of the rooms in `scope` (`attendees`), for their operators, or for both. */
export interface PostNotice {
  type: 'post_notice';
  text: string;
  to?: NoticeTo;
  scope?: Scope;
}

export interface WithdrawNotice {
  type: 'withdraw_notice';
  notice: number;
}

/** An organizer asks the room to speak. Its picture and sound go nowhere before it says yes. */
export interface AskAir {
  type: 'ask_air';
  point: number;
}

/** The room's own answer; `accept` false also takes an earlier yes back. */
export interface AnswerAir {
  type: 'answer_air';
  point: number;
  accept?: boolean;
}

/** The programme shows this room; None: the hall again. */
export interface PutOnAir {
  type: 'put_on_air';
  point: number | null;
}

/** An organizer lets the room go, whatever it was asked for or does. */
export interface EndAir {
  type: 'end_air';
  point: number;
}

/** Whoever was given a key to publish before may publish no more. */
export interface RenewMediaKeys {
  type: 'renew_media_keys';
}

/**
 * A command. `tapped_at` and `sent_at` are the device's clock; their difference is how long it waited.
 *
 * `retry` says that it may have been sent before: the server then looks for its answer first.
 */
export interface DoMessage {
  t: 'do';
  id: string;
  command: PublicCommand;
  tapped_at?: number | null;
  sent_at?: number | null;
  retry?: boolean;
}

/** Presence, every `beat` milliseconds: the round trip the client measured, in milliseconds. */
export interface BeatMessage {
  t: 'beat';
  rtt?: number | null;
}

/**
 * How a room's player fares. `loss`: share of packets since the last figures. `freezes`, `decoded` frames: so far;
 * `frames`: shown in the last second. `level` of the sound: 0 silence, 127 the loudest. `pictures`: the room lets a
 * small picture of itself be shown. `voice`: asked to speak, it sends its sound alone.
 */
export interface MediaFigures {
  playing?: boolean;
  loss?: number;
  freezes?: number;
  decoded?: number;
  level?: number;
  pictures?: boolean;
  frames?: number;
  voice?: boolean;
}

/**
 * Presence as well, as often as every second or so; it is not answered. A line that only sends these is alive.
 * Without `media` what was said of them last stays.
 */
export interface StatusMessage {
  t: 'status';
  rtt: number;
  media?: MediaFigures | null;
}

/** How long to wait before coming back: at least `base` ms, plus a random share of `spread` ms. */
export interface Retry {
  base: number;
  spread: number;
}

/**
 * `now` is the server's clock, `beat` the interval of beats in ms, `interval` that of frames. `media`: this
 * installation has them; without it nothing of them is shown.
 */
export interface WelcomeMessage {
  t: 'welcome';
  v: number;
  conference: string;
  epoch: string;
  seq: number;
  now: number;
  beat: number;
  interval: number;
  audience: string;
  resumed: boolean;
  retry: Retry;
  media?: boolean;
}

/** `on_air`: the point that the programme shows; None: the hall, or a point that the reader may not see. */
export interface ConferenceView {
  id: string;
  title: string;
  starts_at: number;
  phase: Phase;
  phase_at: number;
  place?: string;
  help_phone?: string;
  code?: string | null;
  code_expires_at?: number | null;
  on_air?: number | null;
}

/** `short` is the name without its kind. Units come parents first, in the official order. */
export interface UnitView {
  code: string;
  name: string;
  short: string;
  kind?: string;
  parent?: string | null;
}

/** What seldom changes of a point. `title` is the room's full name, `short` what fits a tile. */
export interface PointInfo {
  id: number;
  unit: string;
  title: string;
  short: string;
  seats?: number;
  expected?: number;
  room?: string;
  address?: string;
}

/**
 * A room's part in the media. `air` is on the record, the rest presence: `playing` devices that play the programme,
 * `loss` of the best of them in per cent, `freezes` so far, `level` of its sound from 0 (silence) to 8, `picture` the
 * version of the small picture it shows (0: none), `frames` a second that are shown, `voice` whether what it sends to
 * speak is its sound alone.
 */
export type MediaView = [
  air: Air,
  playing: number,
  loss: number,
  freezes: number,
  level: number,
  picture: number,
  frames?: number,
  voice?: boolean,
];

/** The names of what stands in a MediaView, in order. */
export const MEDIA_VIEW = [
  'air',
  'playing',
  'loss',
  'freezes',
  'level',
  'picture',
  'frames',
  'voice',
] as const;

/**
 * What often changes of a point. `since` is when the status began; `quality` and `devices` are presence. `media` is
 * null for a room that has no part in them.
 */
export type PointRow = [
  id: number,
  status: Status,
  since: number,
  in_room: number | null,
  absent_excused: number | null,
  absent_unexcused: number | null,
  reported_at: number | null,
  scans: number,
  opens: number,
  devices: number,
  quality: Quality,
  help: HelpCategory | null,
  help_owner: string | null,
  change: Change,
  change_at: number,
  change_seq: number,
  media?: MediaView | null,
];

/** The names of what stands in a PointRow, in order. */
export const POINT_ROW = [
  'id',
  'status',
  'since',
  'in_room',
  'absent_excused',
  'absent_unexcused',
  'reported_at',
  'scans',
  'opens',
  'devices',
  'quality',
  'help',
  'help_owner',
  'change',
  'change_at',
  'change_seq',
  'media',
] as const;

/**
 * Sums over a unit's subtree; `unit` "" is the whole of what this audience may see.
 *
 * `statuses` counts points in the order of `terms.STATUSES`; `attended` counts points that ever
 * checked in; `reported` counts points that gave a headcount; `playing` rooms that have picture
 * or sound of the programme.
 */
export type Tally = [
  unit: string,
  points: number,
  present: number,
  attended: number,
  reported: number,
  expected: number,
  declared: number,
  absent_excused: number,
  absent_unexcused: number,
  scans: number,
  opens: number,
  devices: number,
  statuses: number[],
  playing?: number,
];

/** The names of what stands in a Tally, in order. */
export const TALLY = [
  'unit',
  'points',
  'present',
  'attended',
  'reported',
  'expected',
  'declared',
  'absent_excused',
  'absent_unexcused',
  'scans',
  'opens',
  'devices',
  'statuses',
  'playing',
] as const;

/** `scans` counts landings that showed it, `opens` the files handed out, both since the beginning. */
export interface DocumentView {
  id: number;
  title: string;
  state: DocumentState;
  kind: string;
  size: number;
  name: string;
  hash: string;
  version: number;
  opens: number;
  scope?: Scope;
  release_at?: number | null;
  pages?: number | null;
}

/** A notice that stands. It is never changed: who wants other words takes it back and posts another. */
export interface NoticeView {
  id: number;
  text: string;
  at: number;
  to?: NoticeTo;
  scope?: Scope;
}

export interface SnapshotMessage {
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
  notices?: NoticeView[];
  degraded?: boolean;
  held?: boolean;
}

/**
 * What changed since the frame before, full values. A part that is absent did not change.
 *
 * `units`, `documents` and `notices` come whole when they come; `removed` names points that left this audience.
 * `degraded`: servers do not hear of each other at once; what is shown is true, but may be a second late.
 * `held`: nothing can be written now; what rooms do waits in their phones, and what is shown stands still.
 */
export interface FrameMessage {
  t: 'frame';
  seq: number;
  now: number;
  conference?: ConferenceView;
  units?: UnitView[];
  infos?: PointInfo[];
  rows?: PointRow[];
  tallies?: Tally[];
  documents?: DocumentView[];
  removed?: number[];
  notices?: NoticeView[];
  degraded?: boolean;
  held?: boolean;
}

export interface Headcount {
  in_room: number;
  absent_excused: number | null;
  absent_unexcused: number | null;
  occurred_at: number;
  received_at: number;
}

export interface HelpView {
  category: HelpCategory;
  since: number;
  note?: string;
  owner?: string | null;
}

/** One point whole, as its operators see it. */
export interface PointView {
  id: number;
  title: string;
  group: string;
  room: string;
  address: string;
  seats: number;
  expected: number;
  status: Status;
  stage: Stage;
  stage_at: number;
  tv: boolean;
  line: Line;
  closed: boolean;
  headcount?: Headcount | null;
  help?: HelpView | null;
  code?: string | null;
  air?: Air;
}

/** The whole truth about the operator's own point. */
export interface PointMessage {
  t: 'point';
  seq: number;
  now: number;
  point: PointView;
  conference: ConferenceView;
  documents: DocumentView[];
  notices?: NoticeView[];
}

/** The command is durable. `again` says that the answer was given before. `point` is the state after it. */
export interface DoneMessage {
  t: 'done';
  id: string;
  seq: number;
  at: number;
  again?: boolean;
  point?: PointView;
}

/**
 * `code` is for programs and never changes its meaning; `message` is in the reader's language.
 *
 * `field` names the field of the input that is wrong, `row` the row of a file as a spreadsheet counts it.
 */
export interface Error {
  code: string;
  message: string;
  field?: string | null;
  row?: number | null;
  request_id?: string | null;
}

/** `id` is missing where the message could not be read far enough to know it. */
export interface RefusedMessage {
  t: 'refused';
  error: Error;
  id?: string | null;
}

/**
 * To operators, when it changes, and in answer to what they do meanwhile: whether nothing can be written now. What
 * they do waits and is answered when it is durable.
 */
export interface HeldMessage {
  t: 'held';
  held: boolean;
}

/** The answer to a beat: the server's clock. */
export interface PulseMessage {
  t: 'pulse';
  now: number;
}

/** Comes before the server closes; says when to come back. */
export interface ByeMessage {
  t: 'bye';
  code: number;
  reason: string;
  retry?: Retry | null;
}

export interface DeviceView {
  id: number;
  label: string;
  enrolled_at: number;
  connected?: boolean;
}

/** A line of the list of conferences. */
export interface Summary {
  id: string;
  title: string;
  starts_at: number;
  phase: Phase;
  points: number;
}

export interface ErrorBody {
  error: Error;
}

export type ClientMessage =
  | HelloMessage
  | DoMessage
  | BeatMessage
  | StatusMessage;

export type ServerMessage =
  | WelcomeMessage
  | SnapshotMessage
  | FrameMessage
  | PointMessage
  | DoneMessage
  | RefusedMessage
  | HeldMessage
  | PulseMessage
  | ByeMessage;

export type PublicCommand =
  | EditConference
  | SetPhase
  | EditPoints
  | MergePoints
  | ClosePoints
  | ReopenPoints
  | RenewLinks
  | RevokeLinks
  | RemoveDevice
  | RevokeCode
  | SetCodeExpiry
  | CheckIn
  | Ready
  | ReportHeadcount
  | FollowTv
  | Leave
  | AskHelp
  | TakeHelp
  | ResolveHelp
  | EditDocument
  | OrderDocuments
  | WithdrawDocument
  | RestoreDocument
  | PostNotice
  | WithdrawNotice
  | AskAir
  | AnswerAir
  | PutOnAir
  | EndAir
  | RenewMediaKeys;
