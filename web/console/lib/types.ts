/** What the HTTP interface answers, under the names the console uses. */
import type { components } from '../../wire/http.ts';
import type { PointInfo, PointView, ServerError } from '../../wire/socket.ts';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type Role = Account['role'];
export type SessionAnswer = Schemas['SessionAnswer'];
export type Me = NonNullable<SessionAnswer['account']>;
export type SessionRow = Schemas['SessionView'];
export type TokenRow = Schemas['Token'];
export type AccountLogEntry = Schemas['LogEntry'];
export type Summary = Schemas['Summary'];
export type Kiosk = Schemas['KioskView'];

export interface Unit {
  code: string;
  name: string;
  short: string;
  kind: string;
  parent: string | null;
  aliases: string[];
  valid_from: string | null;
  valid_to: string | null;
  children: number;
  path: string[];
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
  /** What a person should look at; it does not stop the import. */
  warnings?: ServerError[];
}

export interface ImportReport {
  added: number;
  changed: number;
  unchanged: number;
  refused: number;
  rows: ReportRow[];
}

export interface Contact {
  name: string;
  role: string;
  /** Missing for who may not call. */
  phone?: string;
  phone_shown: string;
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
