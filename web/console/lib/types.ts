/** What the HTTP interface answers, under the names the console uses; its shapes are generated from the server's. */
import type { components } from '../../wire/http.ts';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type AccountList = Schemas['AccountList'];
export type AccountLogEntry = Schemas['LogEntry'];
export type AccountLogPage = Schemas['LogPage'];
export type Bridge = Schemas['BridgeView'];
export type Contact = Schemas['ContactView'];
export type CountsAnswer = Schemas['Counts'];
export type DeviceView = Schemas['DeviceView'];
export type DocumentList = Schemas['DocumentList'];
export type DoneAnswer = Schemas['CommandDone'];
export type FirstContacts = Schemas['FirstContacts'];
export type Incoming = Schemas['Publishing'];
export type ImportReport = Schemas['ImportReport'];
export type Kiosk = Schemas['KioskView'];
export type KioskList = Schemas['KioskList'];
export type Me = NonNullable<SessionAnswer['account']>;
export type MediaNow = Schemas['MediaState'];
export type PointDetail = Omit<Schemas['PointDetail'], 'history'> & { history: JournalEvent[] };
export type PointList = Schemas['PointList'];
export type ReportRow = Schemas['ReportRow'];
export type Role = Account['role'];
export type SessionAnswer = Schemas['SessionAnswer'];
export type SessionList = Schemas['SessionList'];
export type SessionRow = Schemas['SessionView'];
export type Summary = Schemas['Summary'];
export type TokenList = Schemas['TokenList'];
export type TokenMade = Schemas['TokenMade'];
export type TokenRow = Schemas['Token'];
export type Unit = Schemas['UnitItem'];
export type UnitList = Schemas['UnitList'];
export type Verdict = ReportRow['verdict'];

/** An event's own fields. Loose, because a page that stayed open meets kinds that a newer server writes. */
export interface EventBody {
  type: string;
  [field: string]: unknown;
}

export type JournalEvent = Omit<Schemas['Event'], 'body'> & { body: EventBody };
export type JournalEntry = Omit<Schemas['JournalEntry'], 'event'> & { event: JournalEvent };
export type JournalPage = Omit<Schemas['JournalPage'], 'entries'> & { entries: JournalEntry[] };
