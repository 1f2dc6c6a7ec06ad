/** What the page of picture and sound says of streams and bridges. Pure. */
import type { Language } from '../../shared/format.ts';
import type { Texts } from '../texts/vi.ts';
import type { Bridge, Incoming } from './types.ts';

/** Streams that come in are told in the order in which the programme would take them. */
const ORDER = ['main', 'spare'];

export const pointOf = (stream: string): number | null => {
  const found = /^(?:point|talk|check)\/(\d+)$/.exec(stream);
  return found ? Number(found[1]) : null;
};

/** `room`: the name of a point. */
export function streamName(stream: string, t: Texts, room: (point: number) => string): string {
  if (stream === 'main') return t.media.main;
  if (stream === 'spare') return t.media.spare;
  if (stream === 'point') return t.media.otherRoom; // one that this account may not see
  const point = pointOf(stream);
  if (point === null) return stream;
  return stream.startsWith('talk/') ? t.media.talkTo(room(point)) : room(point);
}

/** The hall first, then the rooms, with nothing left out; what a room tries out for itself is nobody's business. */
export function incoming(publishers: readonly Incoming[]): Required<Incoming>[] {
  const place = ({ stream }: Incoming) => (ORDER.includes(stream) ? ORDER.indexOf(stream) : ORDER.length + (pointOf(stream) ?? 0));
  return publishers
    .filter(({ stream }) => !stream.startsWith('check/'))
    .sort((a, b) => place(a) - place(b))
    .map((one) => ({ bit_rate: 0, loss: 0, qualities: 1, ...one }));
}

/** "1,2 Mbit/s", "340 kbit/s". */
export function rate(bits: number, language: Language): string {
  if (bits < 1_000_000) return `${Math.round(bits / 1_000)} kbit/s`;
  const text = (bits / 1_000_000).toFixed(1);
  return `${language === 'vi' ? text.replace('.', ',') : text} Mbit/s`;
}

export type BridgeState = 'works' | 'busy' | 'draining' | 'empty' | 'dead';

const BUSY = 0.85; // of its busiest core, or of its capacity: above it pictures begin to come late

export function bridgeState({ alive, draining, viewers, capacity, busy }: Bridge): BridgeState {
  if (!alive) return 'dead';
  if (draining) return viewers > 0 ? 'draining' : 'empty';
  return busy >= BUSY || viewers >= capacity * BUSY ? 'busy' : 'works';
}

/** Codes after which trying again by itself helps nobody: a person has to decide. */
const DECIDED = new Set(['stream_taken', 'forbidden', 'forbidden_scope', 'forbidden_role', 'stream_unknown']);

export const final = (code: string): boolean => DECIDED.has(code) || code.startsWith('offer_');
