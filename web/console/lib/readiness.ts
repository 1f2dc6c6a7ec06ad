import type { Phase, Tally } from '../../wire/socket.ts';

export type GateKey = 'gate24' | 'gate60' | 'gate15' | 'gate0';
export type ItemKey =
  | 'pointList' | 'withExpected' | 'documents' | 'arrived' | 'nobody' | 'ready' | 'reported' | 'troubled'
  | 'present' | 'people' | 'helpCalls';

/** A line of a gate: so many of so many, or a count that should be 0 (`of` null). */
export interface GateItem {
  key: ItemKey;
  value: number;
  of: number | null;
  state: 'done' | 'part' | 'late' | 'todo';
}

export interface Gate {
  key: GateKey;
  /** When it should be passed, in ms. */
  at: number;
  state: 'past' | 'now' | 'next';
  /** How far its first two lines are, from 0 to 1. */
  share: number;
  items: GateItem[];
}

export interface Facts {
  tally: Tally;
  startsAt: number;
  phase: Phase;
  /** Documents that are not withdrawn, and how many there are in all. */
  documents: [number, number];
  /** Points that have a number of people expected. */
  withExpected: number;
}

const MINUTE = 60_000;
const BEFORE: readonly (readonly [GateKey, number])[] = [
  ['gate24', 24 * 60 * MINUTE],
  ['gate60', 60 * MINUTE],
  ['gate15', 15 * MINUTE],
  ['gate0', 0],
];

/** The readiness clock of the written procedures: T-24 h, T-60, T-15 and T-0, with what each asks for. */
export function gates(facts: Facts, now: number): Gate[] {
  const times = BEFORE.map(([, before]) => facts.startsAt - before);
  const running = facts.phase === 'live' || facts.phase === 'closed';
  // The gate at work is the first whose time has not come; once the conference runs it is the last.
  const ahead = times.findIndex((at) => now < at);
  const at = running || ahead < 0 ? BEFORE.length - 1 : ahead;
  return BEFORE.map(([key], index) => {
    const state = index < at ? 'past' : index === at ? 'now' : 'next';
    const items = itemsOf(key, facts).map((item) => ({ ...item, state: stateOf(item, state) }));
    return { key, at: times[index] ?? facts.startsAt, state, share: shareOf(items), items };
  });
}

type Bare = Omit<GateItem, 'state'>;

function itemsOf(key: GateKey, { tally, documents, withExpected }: Facts): Bare[] {
  const { points, statuses } = tally;
  const of = (item: ItemKey, value: number, all: number): Bare => ({ key: item, value, of: all });
  const bad = (item: ItemKey, value: number): Bare => ({ key: item, value, of: null });
  if (key === 'gate24') {
    return [of('withExpected', withExpected, points), of('documents', ...documents), { key: 'pointList', value: points, of: 0 }];
  }
  if (key === 'gate60') {
    return [of('arrived', tally.attended, points), of('present', tally.present, points), bad('nobody', statuses.none)];
  }
  if (key === 'gate15') {
    return [
      of('ready', statuses.ready + statuses.ok + statuses.tv, points), of('reported', tally.reported, points),
      bad('troubled', statuses.lost + statuses.weak),
    ];
  }
  return [of('present', tally.present, points), of('people', tally.declared, tally.expected), bad('helpCalls', statuses.help)];
}

function stateOf(item: Bare, gate: Gate['state']): GateItem['state'] {
  if (item.of === null) return item.value === 0 ? 'done' : gate === 'next' ? 'todo' : 'late';
  // A plain count, such as the length of the list, is done as soon as there is anything.
  if (item.of === 0) return item.value > 0 ? 'done' : 'todo';
  if (item.value >= item.of) return 'done';
  return gate === 'next' || item.value === 0 ? 'todo' : 'part';
}

function shareOf(items: GateItem[]): number {
  const shares = items.filter((item) => item.of).map((item) => Math.min(1, item.value / (item.of ?? 1)));
  return shares.length > 0 ? shares.reduce((sum, one) => sum + one, 0) / shares.length : 0;
}

/** Where a phase may go from here; the first is what one does next on the day. */
export const NEXT_PHASES: Record<Phase, readonly Phase[]> = {
  draft: ['rehearsal', 'live'],
  rehearsal: ['live', 'draft'],
  live: ['closed', 'rehearsal'],
  closed: ['live'],
};
