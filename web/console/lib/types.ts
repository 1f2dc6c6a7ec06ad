/** What the HTTP interface answers, as far as the console reads it. */
import type {
  ConferenceView, DocumentView, Headcount, Phase, PointInfo, PointView, ServerError, Tally,
} from '../../wire/socket.ts';

export type Role = 'administrator' | 'organizer' | 'viewer';

export interface Account {
  id: number;
  login: string;
  name: string;
  role: Role;
  unit: string | null;
  unit_name?: string | null;
  disabled?: boolean;
  created_at?: number;
  last_seen_at?: number | null;
}

export interface SessionAnswer {
  account: Account | null;
  setup_needed: boolean;
}

export interface SessionRow {
  id: string;
  created_at: number;
  last_seen_at: number;
  user_agent: string;
  address: string;
  current: boolean;
}

export interface TokenRow {
  id: number;
  name: string;
  created_at: number;
  last_used_at: number | null;
  expires_at: number | null;
}

export interface Summary {
  id: string;
  title: string;
  starts_at: number;
  phase: Phase;
  points: number;
}

export interface Unit {
  code: string;
  name: string;
  short?: string;
  kind: string;
  parent: string | null;
  aliases: string[];
  valid_from: string | null;
  valid_to: string | null;
  children: number;
  path?: string[];
}

export type Verdict = 'added' | 'changed' | 'unchanged' | 'refused';

export interface ReportRow {
  row: number;
  verdict: Verdict;
  code: string;
  name: string;
  /** Field, value before, value after. */
  changes?: [string, string, string][];
  error?: ServerError;
}

export interface ImportReport {
  added: number;
  changed: number;
  unchanged: number;
  refused: number;
  rows: ReportRow[];
  token?: string;
}

export interface Contact {
  name: string;
  role: string;
  phone: string;
  phone_shown?: string;
}

export interface DeviceView {
  id: number;
  label: string;
  enrolled_at: number;
  connected?: boolean;
}

export interface EventBody {
  type: string;
  [field: string]: unknown;
}

export interface JournalEvent {
  seq: number;
  at: number;
  by: string;
  body: EventBody;
  occurred_at?: number;
  tapped_at?: number | null;
}

export interface PointDetail {
  view: PointView;
  info: PointInfo;
  contacts: Contact[];
  history: JournalEvent[];
  devices: DeviceView[];
  link: { url: string; generation: number; revoked: boolean } | null;
  code_url: string | null;
}

export interface Kiosk {
  id: string;
  name: string;
  unit: string | null;
  created_at: number;
  expires_at: number | null;
  url?: string;
}

export type { ConferenceView, DocumentView, Headcount, Phase, PointInfo, PointView, Tally };
