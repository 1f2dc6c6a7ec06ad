/**
 * The WebSocket's messages as named objects. The wire leaves out what is at its default and sends rows and tallies as
 * tuples; here every field is present and has a name, so that no page ever counts positions.
 */

export const PROTOCOL_VERSION = 1;

export const STATUSES = ['help', 'lost', 'weak', 'tv', 'none', 'in', 'ready', 'ok', 'left'] as const;
export type Status = (typeof STATUSES)[number];
export type Phase = 'draft' | 'rehearsal' | 'live' | 'closed';
export type Stage = 'none' | 'in' | 'ready' | 'left';
export type Line = 'none' | 'up' | 'lost';
export type Quality = 'unknown' | 'good' | 'weak';
export type HelpCategory = 'no_sound' | 'no_picture' | 'line' | 'documents' | 'other';
export type DocumentState = 'waiting' | 'released' | 'withdrawn';
export type Change =
  | 'added' | 'edited' | 'in' | 'ready' | 'not_ready' | 'left' | 'tv' | 'tv_off'
  | 'lost' | 'returned' | 'headcount' | 'help' | 'help_taken' | 'help_resolved';

/** Who is in the room as far as a count goes: the line may be bad, the people are there. */
export const PRESENT: ReadonlySet<Status> = new Set(['help', 'weak', 'tv', 'in', 'ready', 'ok']);

export interface ConferenceView {
  id: string;
  title: string;
  starts_at: number;
  phase: Phase;
  phase_at: number;
  place: string;
  help_phone: string;
  code: string | null;
  code_expires_at: number | null;
}

export interface UnitView {
  code: string;
  name: string;
  short: string;
  kind: string;
  parent: string | null;
}

export interface PointInfo {
  id: number;
  unit: string;
  title: string;
  short: string;
  seats: number;
  expected: number;
  room: string;
  address: string;
}

export interface PointRow {
  id: number;
  status: Status;
  since: number;
  in_room: number | null;
  absent_excused: number | null;
  absent_unexcused: number | null;
  reported_at: number | null;
  scans: number;
  opens: number;
  devices: number;
  quality: Quality;
  help: HelpCategory | null;
  help_owner: string | null;
  change: Change;
  change_at: number;
  change_seq: number;
}

export interface Tally {
  unit: string;
  points: number;
  present: number;
  attended: number;
  reported: number;
  expected: number;
  declared: number;
  absent_excused: number;
  absent_unexcused: number;
  scans: number;
  opens: number;
  devices: number;
  statuses: Record<Status, number>;
}

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
  scope: { unit: string | null; point: number | null };
  release_at: number | null;
  pages: number | null;
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
  note: string;
  owner: string | null;
}

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
  headcount: Headcount | null;
  help: HelpView | null;
  code: string | null;
}

/** One failure in the one shape of the product; `code` is for programs, `message` for people. */
export interface ServerError {
  code: string;
  message: string;
  field?: string;
  row?: number;
  request_id?: string;
}

/** Wait at least `base` ms and a random share of `spread` ms before coming back. */
export interface Retry {
  base: number;
  spread: number;
}

// --- client to server

/** What a page may ask for. Points are named by id. */
export type Command =
  | { type: 'check_in'; point: number }
  | { type: 'ready'; point: number; ready?: boolean }
  | { type: 'report_headcount'; point: number; in_room: number; absent_excused?: number | null; absent_unexcused?: number | null }
  | { type: 'follow_tv'; point: number; on?: boolean }
  | { type: 'leave'; point: number }
  | { type: 'ask_help'; point: number; category: HelpCategory; note?: string }
  | { type: 'take_help'; point: number }
  | { type: 'resolve_help'; point: number; note?: string };

export interface Hello {
  conference: string;
  token?: string;
  resume?: { epoch: string; seq: number };
  unit?: string;
  lang?: string;
}

export interface Do {
  id: string;
  command: Command;
  /** The device's clock, in ms: when it was tapped, when it leaves the device. */
  tapped_at?: number;
  sent_at?: number;
  /** It may have been sent before. */
  retry?: boolean;
}

// --- server to client

export interface Welcome {
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
}

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
}

/** Full values of what changed; a part that is missing did not change. */
export interface Frame {
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
}

export interface PointMessage {
  t: 'point';
  seq: number;
  now: number;
  point: PointView;
  conference: ConferenceView;
  documents: DocumentView[];
}

export interface Done {
  t: 'done';
  id: string;
  seq: number;
  at: number;
  again: boolean;
  point: PointView | null;
}

export interface Refused {
  t: 'refused';
  id: string | null;
  error: ServerError;
}

export interface Pulse {
  t: 'pulse';
  now: number;
}

export interface Bye {
  t: 'bye';
  code: number;
  reason: string;
  retry: Retry | null;
}

export type ServerMessage = Welcome | Snapshot | Frame | PointMessage | Done | Refused | Pulse | Bye;

// --- decoding

/** `T` as it is sent: the fields `D` are missing when they are at their default. */
type Sent<T, D extends keyof T> = Omit<T, D> & Partial<Pick<T, D>>;
type SentConference = Sent<ConferenceView, 'place' | 'help_phone' | 'code' | 'code_expires_at'>;
type SentUnit = Sent<UnitView, 'kind' | 'parent'>;
type SentInfo = Sent<PointInfo, 'seats' | 'expected' | 'room' | 'address'>;
type SentDocument = Omit<Sent<DocumentView, 'release_at' | 'pages'>, 'scope'> & { scope?: Partial<DocumentView['scope']> };
type SentPoint = Sent<PointView, 'headcount' | 'help' | 'code'>;
type SentRow = [
  number, Status, number, number | null, number | null, number | null, number | null, number, number, number,
  Quality, HelpCategory | null, string | null, Change, number, number,
];
type SentTally = [
  string, number, number, number, number, number, number, number, number, number, number, number, number[],
];

const conference = (sent: SentConference): ConferenceView => ({
  place: '', help_phone: '', code: null, code_expires_at: null, ...sent,
});

const unit = (sent: SentUnit): UnitView => ({ kind: '', parent: null, ...sent });

const info = (sent: SentInfo): PointInfo => ({ seats: 0, expected: 0, room: '', address: '', ...sent });

const document = (sent: SentDocument): DocumentView => ({
  release_at: null, pages: null, ...sent, scope: { unit: null, point: null, ...sent.scope },
});

export const point = (sent: SentPoint): PointView => ({
  code: null,
  ...sent,
  headcount: sent.headcount ?? null,
  help: sent.help ? { ...sent.help, note: sent.help.note ?? '', owner: sent.help.owner ?? null } : null,
});

export function row(sent: SentRow): PointRow {
  const [
    id, status, since, in_room, absent_excused, absent_unexcused, reported_at, scans, opens, devices,
    quality, help, help_owner, change, change_at, change_seq,
  ] = sent;
  return {
    id, status, since, in_room, absent_excused, absent_unexcused, reported_at, scans, opens, devices,
    quality, help, help_owner, change, change_at, change_seq,
  };
}

export function tally(sent: SentTally): Tally {
  const [
    code, points, present, attended, reported, expected, declared, absent_excused, absent_unexcused,
    scans, opens, devices, counts,
  ] = sent;
  const statuses = Object.fromEntries(STATUSES.map((status, i) => [status, counts[i] ?? 0])) as Record<Status, number>;
  return {
    unit: code, points, present, attended, reported, expected, declared, absent_excused, absent_unexcused,
    scans, opens, devices, statuses,
  };
}

interface SentParts {
  conference?: SentConference;
  units?: SentUnit[];
  infos?: SentInfo[];
  rows?: SentRow[];
  tallies?: SentTally[];
  documents?: SentDocument[];
  removed?: number[];
}

function frame(sent: SentParts & { seq: number; now: number }): Frame {
  const decoded: Frame = { t: 'frame', seq: sent.seq, now: sent.now };
  if (sent.conference) decoded.conference = conference(sent.conference);
  if (sent.units) decoded.units = sent.units.map(unit);
  if (sent.infos) decoded.infos = sent.infos.map(info);
  if (sent.rows) decoded.rows = sent.rows.map(row);
  if (sent.tallies) decoded.tallies = sent.tallies.map(tally);
  if (sent.documents) decoded.documents = sent.documents.map(document);
  if (sent.removed) decoded.removed = sent.removed;
  return decoded;
}

type SentMessage =
  | Welcome
  | Pulse
  | ({ t: 'snapshot'; epoch: string; seq: number; now: number } & Required<Omit<SentParts, 'removed'>>)
  | ({ t: 'frame'; seq: number; now: number } & SentParts)
  | { t: 'point'; seq: number; now: number; point: SentPoint; conference: SentConference; documents: SentDocument[] }
  | (Sent<Omit<Done, 'point'>, 'again'> & { point?: SentPoint })
  | Sent<Refused, 'id'>
  | Sent<Bye, 'retry'>;

/** One text frame of the socket; `null` for a kind this page does not know. Throws when it is no JSON. */
export function decode(text: string): ServerMessage | null {
  const sent = JSON.parse(text) as SentMessage;
  switch (sent.t) {
    case 'welcome':
    case 'pulse':
      return sent;
    case 'snapshot':
      return {
        t: 'snapshot',
        epoch: sent.epoch,
        seq: sent.seq,
        now: sent.now,
        conference: conference(sent.conference),
        units: sent.units.map(unit),
        infos: sent.infos.map(info),
        rows: sent.rows.map(row),
        tallies: sent.tallies.map(tally),
        documents: sent.documents.map(document),
      };
    case 'frame':
      return frame(sent);
    case 'point':
      return {
        ...sent,
        point: point(sent.point),
        conference: conference(sent.conference),
        documents: sent.documents.map(document),
      };
    case 'done':
      return { ...sent, again: sent.again ?? false, point: sent.point ? point(sent.point) : null };
    case 'refused':
      return { ...sent, id: sent.id ?? null };
    case 'bye':
      return { ...sent, retry: sent.retry ?? null };
    default:
      return null;
  }
}
