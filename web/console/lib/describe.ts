import { count, hourMinute, type Language } from '../../shared/format.ts';
import type { Texts } from '../texts/vi.ts';
import { moment } from './say.ts';
import type { JournalEvent } from './types.ts';

/** What a sentence about an event needs to know: how things are called, in which language. */
export interface Naming {
  t: Texts;
  language: Language;
  point: (id: number) => string;
  document: (id: number) => string;
}

type Fields = Record<string, unknown>;
type Sentence = (body: Fields, naming: Naming) => string;

const num = (value: unknown): number => (typeof value === 'number' ? value : 0);
const str = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** One point by its name, several by their number, `null` as all of them. */
function points(value: unknown, { t, language, point }: Naming): string {
  if (value === null || value === undefined) return t.events.everyPoint;
  const ids = list(value).map((one) => (typeof one === 'object' && one ? num((one as Fields).point) : num(one)));
  return ids.length === 1 ? point(ids[0] ?? 0) : t.events.nPoints(count(ids.length, language));
}

const room = (body: Fields, naming: Naming): string => naming.point(num(body.point));
const codeOf = (body: Fields, naming: Naming): string =>
  body.point ? room(body, naming) : naming.t.events.wholeConference;

function headcount(body: Fields, naming: Naming): string {
  const n = (value: unknown) => count(num(value), naming.language);
  const said = naming.t.events.headcount_reported(room(body, naming), n(body.in_room));
  const asked = typeof body.absent_excused === 'number' || typeof body.absent_unexcused === 'number';
  return asked ? `${said} (${naming.t.events.absences(n(body.absent_excused), n(body.absent_unexcused))})` : said;
}

const scans = (body: Fields): number => list(body.rows).reduce<number>((sum, row) => sum + num(list(row)[3]), 0);

const SENTENCES: Record<string, Sentence> = {
  conference_created: (b, { t }) => t.events.conference_created(str(b.title)),
  conference_edited: (_, { t }) => t.events.conference_edited,
  phase_set: (b, { t }) => t.events.phase_set(t.phase[str(b.phase) as keyof Texts['phase']] ?? str(b.phase)),
  units_placed: (b, { t, language }) => t.events.units_placed(count(list(b.units).length, language)),
  points_added: (b, { t, language }) => t.events.points_added(count(list(b.points).length, language)),
  points_edited: (b, n) => n.t.events.points_edited(points(b.edits, n)),
  points_merged: (b, n) => n.t.events.points_merged(points(b.points, n), n.point(num(b.into))),
  points_closed: (b, n) => n.t.events.points_closed(points(b.points, n)) + (str(b.reason) && ` (${str(b.reason)})`),
  points_reopened: (b, n) => n.t.events.points_reopened(points(b.points, n)),
  links_renewed: (b, n) => n.t.events.links_renewed(points(b.points, n)),
  links_revoked: (b, n) => n.t.events.links_revoked(points(b.points, n)),
  device_enrolled: (b, n) => n.t.events.device_enrolled(room(b, n), str(b.label)),
  device_removed: (b, n) => n.t.events.device_removed(room(b, n)),
  code_issued: (b, n) => n.t.events.code_issued(codeOf(b, n)),
  code_revoked: (b, n) => n.t.events.code_revoked(codeOf(b, n)),
  code_expiry_set: (b, { t }) => t.events.code_expiry_set(b.expires_at ? moment(num(b.expires_at)) : t.events.noExpiry),
  checked_in: (b, n) => n.t.events.checked_in(room(b, n)),
  ready_set: (b, n) => n.t.events.ready_set(room(b, n), b.ready !== false),
  headcount_reported: headcount,
  tv_followed: (b, n) => n.t.events.tv_followed(room(b, n), b.on !== false),
  point_left: (b, n) => n.t.events.point_left(room(b, n)),
  help_asked: (b, n) =>
    n.t.events.help_asked(room(b, n), (n.t.help[str(b.category) as keyof Texts['help']] ?? '').toLowerCase()) +
    (str(b.note) && ` (${str(b.note)})`),
  help_taken: (b, n) => n.t.events.help_taken(room(b, n)),
  help_resolved: (b, n) => n.t.events.help_resolved(room(b, n)) + (str(b.note) && ` (${str(b.note)})`),
  line_up: (b, n) => n.t.events.line_up(room(b, n)),
  line_lost: (b, n) => n.t.events.line_lost(room(b, n), hourMinute(num(b.since))),
  document_added: (b, { t }) => t.events.document_added(str(b.title)),
  version_added: (b, n) => n.t.events.version_added(n.document(num(b.document)), num(b.version)),
  document_edited: (b, n) => n.t.events.document_edited(n.document(num(b.document))),
  documents_ordered: (_, { t }) => t.events.documents_ordered,
  document_withdrawn: (b, n) => n.t.events.document_withdrawn(n.document(num(b.document))),
  document_restored: (b, n) => n.t.events.document_restored(n.document(num(b.document))),
  notice_posted: (b, { t }) => t.events.notice_posted(str(b.text)),
  notice_withdrawn: (b, { t }) => t.events.notice_withdrawn(num(b.notice)),
  air_asked: (b, n) => n.t.events.air_asked(room(b, n)),
  air_answered: (b, n) => n.t.events.air_answered(room(b, n), b.accepted !== false),
  on_air_set: (b, n) => (b.point ? n.t.events.on_air_set(room(b, n)) : n.t.events.hall_on_air),
  air_ended: (b, n) => n.t.events.air_ended(room(b, n)),
  media_keys_renewed: (_, { t }) => t.events.media_keys_renewed,
  scans_counted: (b, { t, language }) => t.events.scans_counted(count(scans(b), language)),
};

/** Every kind of event the journal has, in the order the filters show them. */
export const EVENT_KINDS = {
  conference: ['conference_created', 'conference_edited', 'phase_set'],
  points: ['units_placed', 'points_added', 'points_edited', 'points_merged', 'points_closed', 'points_reopened'],
  links: ['links_renewed', 'links_revoked', 'device_enrolled', 'device_removed', 'media_keys_renewed'],
  codes: ['code_issued', 'code_revoked', 'code_expiry_set', 'scans_counted'],
  rooms: [
    'checked_in', 'ready_set', 'headcount_reported', 'tv_followed', 'point_left',
    'air_asked', 'air_answered', 'on_air_set', 'air_ended',
  ],
  help: ['help_asked', 'help_taken', 'help_resolved'],
  lines: ['line_up', 'line_lost'],
  documents: [
    'document_added', 'version_added', 'document_edited', 'documents_ordered', 'document_withdrawn', 'document_restored',
  ],
  notices: ['notice_posted', 'notice_withdrawn'],
} as const;

export type EventKind = keyof typeof EVENT_KINDS;

/** What happened, as a sentence without its subject; an event of a newer server is told by its type. */
export function describe(event: JournalEvent, naming: Naming): string {
  const sentence = SENTENCES[event.body.type];
  return sentence ? sentence(event.body, naming) : naming.t.events.other(event.body.type);
}

/** The same inside the point's own panel, where its name goes without saying: "Vào phòng". */
export function describeHere(event: JournalEvent, naming: Naming): string {
  const said = describe(event, { ...naming, point: () => '' }).replace(/^:?\s*/, '').replace(/:?\s*$/, '');
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** Who did it, in a point's own panel, where the room's devices go without saying: `account:7`, `token:4`, `system`. */
export function actor(by: string, { journal: words }: Texts): string {
  const [kind, id = ''] = by.split(':');
  if (kind === 'account') return words.account(id);
  if (kind === 'token') return words.token(id);
  return kind === 'system' ? words.system : by;
}
