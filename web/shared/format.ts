/** How numbers, durations and times are written. The conference's clock is Vietnam's, wherever the browser stands. */

/** The last moment a Date can hold; beyond it formatting throws, and one odd time must not take a page away. */
const MOST = 8.64e15;

export type Language = 'vi' | 'en';

/** A plain string, so that pages agree with the server's printed times. */
export const ZONE = 'Asia/Ho_Chi_Minh';

const LOCALES: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

/** Formatters are costly to build and a wall formats thousands of values: one of a kind is kept for the page's life. */
function perLanguage<T>(build: (locale: string) => T): Record<Language, T> {
  return { vi: build(LOCALES.vi), en: build(LOCALES.en) };
}

const whole = perLanguage((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const percents = perLanguage(
  (locale) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }),
);
const wholePercents = perLanguage((locale) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }));
const clocks = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dates = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: '2-digit', month: '2-digit', year: 'numeric' });

/** `52000` is "52.000" in Vietnamese and "52,000" in English. */
export function count(value: number, language: Language): string {
  return whole[language].format(value);
}

/** `part` of `all` with at most one decimal: "99,2%"; none from ten times on. Nothing of nothing is an empty string, not 0%. */
export function percent(part: number, all: number, language: Language): string {
  if (all <= 0) return '';
  return (part >= 10 * all ? wholePercents : percents)[language].format(part / all);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Seconds as "0:07", "6:12" or "1:02:07". A span that has not begun (a clock running ahead) reads as 0:00. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const tail = two(total % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** "08:31:07" on the conference's clock; `at` is a Date or milliseconds since 1970. */
export function clock(at: Date | number): string {
  return Math.abs(Number(at)) <= MOST ? clocks.format(at) : '';
}

/** "08:31" on the conference's clock. */
export function hourMinute(at: Date | number): string {
  return clock(at).slice(0, 5);
}

/** "07/02/2026" on the conference's calendar. */
export function date(at: Date | number): string {
  return Math.abs(Number(at)) <= MOST ? dates.format(at) : '';
}

/** "07/02", and "07/02/2027" in any other year than the one of `now`. */
export function dayMonth(at: Date | number, now: Date | number): string {
  const [day, today] = [date(at), date(now)];
  return day.slice(6) === today.slice(6) ? day.slice(0, 5) : day;
}

/** When something is, told from `now`: "08:31" today, "08:31, 07/02" in this year, "08:31, 07/02/2027" in another. */
export function momentFrom(at: Date | number, now: Date | number): string {
  return date(at) === date(now) ? hourMinute(at) : `${hourMinute(at)}, ${dayMonth(at, now)}`;
}

/** What search compares: no accents, đ as d, lower case, single blanks. "  Đông  Ngạc" and "dong ngac" are the same. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}
