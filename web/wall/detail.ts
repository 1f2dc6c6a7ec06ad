/** One room whole, as the drawer shows it: what the server tells on request, read for a person. Pure. */
import { clock, count, date, dayMonth, type Language } from '../shared/format.ts';
import type { HelpCategory } from '../wire/socket.ts';
import type { Texts } from './texts/vi.ts';

export interface Contact {
  name: string;
  role: string;
  /** In full, for the telephone; missing where the reader may not have it. */
  phone?: string;
  /** Masked, for the wall. */
  phone_shown: string;
}

export interface Device {
  id: number;
  label: string;
  enrolled_at: number;
  connected?: boolean;
}

/** One entry of the journal; of its body the drawer reads what it knows and leaves the rest. */
export interface JournalEvent {
  seq: number;
  at: number;
  by: string;
  occurred_at?: number;
  body: { type: string; [field: string]: unknown };
}

export interface Detail {
  view: { stage: string; line: 'none' | 'up' | 'lost'; help?: { note?: string } | null };
  contacts: Contact[];
  history: JournalEvent[];
  devices: Device[];
}

export interface Step {
  at: number;
  people: number;
}

/** The headcounts in the order in which they were true. */
export function steps(history: readonly JournalEvent[]): Step[] {
  return history
    .filter((event) => event.body.type === 'headcount_reported')
    .map((event) => ({ at: whenOf(event), people: Number(event.body['in_room'] ?? 0) }))
    .sort((a, b) => a.at - b.at);
}

export const whenOf = (event: JournalEvent): number => event.occurred_at || event.at;

/** A stair of horizontal and vertical lines through the steps, from the left edge to `to`, in a box of 100 × 100. */
export function stair(list: readonly Step[], from: number, to: number, top: number): string {
  const span = Math.max(1, to - from);
  const x = (at: number) => round((100 * (at - from)) / span);
  const y = (people: number) => round(100 - (100 * Math.min(people, top)) / Math.max(1, top));
  let path = '';
  for (const step of list) path += path === '' ? `M${x(step.at)} ${y(step.people)}` : `H${x(step.at)}V${y(step.people)}`;
  return path && `${path}H100`;
}

const round = (value: number) => Math.round(value * 100) / 100;

const DELAY = 5_000; // ms between what happened and the record that are worth telling

export interface Entry {
  key: number;
  type: string;
  time: string;
  text: string;
  more: string;
  by: string;
}

/** The timeline, the latest first. */
export function entries(history: readonly JournalEvent[], now: number, t: Texts, language: Language): Entry[] {
  return history
    .map((event) => {
      const when = whenOf(event);
      const late = event.at - when > DELAY ? t.drawer.late(clock(event.at)) : '';
      return {
        key: event.seq,
        type: event.body.type,
        time: date(when) === date(now) ? clock(when) : `${dayMonth(when, now)} ${clock(when)}`,
        text: t.events[event.body.type] ?? event.body.type,
        more: [told(event, t, language), late].filter(Boolean).join(' · '),
        by: actor(event.by, t),
      };
    })
    .sort((a, b) => b.key - a.key);
}

function told({ body }: JournalEvent, t: Texts, language: Language): string {
  const text = (field: string) => (typeof body[field] === 'string' ? (body[field] as string) : '');
  const number = (field: string) => (typeof body[field] === 'number' ? count(body[field], language) : null);
  switch (body.type) {
    case 'headcount_reported': {
      const [excused, unexcused] = [number('absent_excused'), number('absent_unexcused')];
      const absent = excused === null && unexcused === null ? '' : t.drawer.absent(excused ?? '0', unexcused ?? '0');
      return [t.drawer.reportedPeople(number('in_room') ?? '0'), absent].filter(Boolean).join(' · ');
    }
    case 'help_asked':
      return [t.categories[text('category') as HelpCategory] ?? '', text('note')].filter(Boolean).join(' · ');
    case 'help_taken':
      return text('owner');
    case 'help_resolved':
      return text('note');
    case 'tv_followed':
      return body['on'] === false ? t.drawer.off : '';
    case 'ready_set':
      return body['ready'] === false ? t.drawer.off : '';
    case 'air_answered':
      return body['accepted'] === false ? t.drawer.refused : '';
    case 'device_enrolled':
      return text('label');
    case 'points_closed':
      return text('reason');
    default:
      return '';
  }
}

/** "device:12.3" is somebody in the room, "account:7" somebody at the wall; names stay in the audit. */
function actor(by: string, t: Texts): string {
  const kind = by.split(':')[0] ?? '';
  return t.drawer.by[kind as keyof Texts['drawer']['by']] ?? '';
}
