import { clock, count, date, hourMinute, percent, type Language } from '../../shared/format.ts';
import type { Texts } from '../texts/vi.ts';

/** "18/05/2023 07:42" on the conference's clock; with seconds where the order of things matters. */
export function moment(at: number, { seconds = false } = {}): string {
  return `${date(at)} ${seconds ? clock(at) : hourMinute(at)}`;
}

/** Only the time for today, the date with it for any other day. */
export function shortMoment(at: number, now: number): string {
  return date(at) === date(now) ? hourMinute(at) : moment(at);
}

const WEEKDAYS: Record<Language, Intl.DateTimeFormat> = {
  vi: new Intl.DateTimeFormat('vi-VN', { weekday: 'long', timeZone: 'Asia/Ho_Chi_Minh' }),
  en: new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'Asia/Ho_Chi_Minh' }),
};

/** "Thứ Năm, 18/05/2023, 08:00". */
export function longMoment(at: number, language: Language): string {
  return `${WEEKDAYS[language].format(at)}, ${date(at)}, ${hourMinute(at)}`;
}

/** How long ago, in the coarsest unit that still says something. */
export function ago(at: number, now: number, t: Texts): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return t.ago.now;
  if (minutes < 60) return t.ago.minutes(minutes);
  if (minutes < 60 * 24) return t.ago.hours(Math.floor(minutes / 60));
  return t.ago.days(Math.floor(minutes / (60 * 24)));
}

/** A file's size in the unit a person would use: "340 kB", "4,2 MB". */
export function size(bytes: number, language: Language): string {
  if (bytes < 1_000_000) return `${count(Math.max(1, Math.round(bytes / 1000)), language)} kB`;
  const megabytes = bytes / 1_000_000;
  const text = megabytes < 10 ? megabytes.toFixed(1) : String(Math.round(megabytes));
  return `${language === 'vi' ? text.replace('.', ',') : text} MB`;
}

/** A share without decimals, for places where one digit too many only distracts. */
export function wholePercent(part: number, all: number, language: Language): string {
  return all > 0 ? percent(Math.floor((part / all) * 100), 100, language) : '';
}

/**
 * The conference's date and time fields ("2023-05-18", "08:00") to milliseconds, and back. Vietnam keeps no summer time,
 * so its offset is a constant; `null` when either is not filled in.
 */
export function fromFields(day: string, time: string): number | null {
  const at = Date.parse(`${day}T${time}:00+07:00`);
  return Number.isNaN(at) ? null : at;
}

export function toFields(at: number): { day: string; time: string } {
  const [dd, mm, yyyy] = date(at).split('/');
  return { day: `${yyyy}-${mm}-${dd}`, time: hourMinute(at) };
}

/** Digits grouped the way phone numbers are read: "0912 345 678". */
export function phone(number: string): string {
  const digits = number.replace(/[\s.-]/g, '');
  return /^0\d{9}$/.test(digits) ? `${digits.slice(0, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}` : number;
}

/** How many characters a password still needs, 0 when long enough; `simple` when it is long and still easily guessed. */
export const PASSWORD_LENGTH = 12;

export function passwordState(password: string, login: string): { missing: number; simple: boolean } {
  const missing = Math.max(0, PASSWORD_LENGTH - [...password].length);
  const few = new Set(password.toLowerCase()).size < 5;
  const named = login.length >= 3 && password.toLowerCase().includes(login.toLowerCase());
  return { missing, simple: missing === 0 && (few || named) };
}
