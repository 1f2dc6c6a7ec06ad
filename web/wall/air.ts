/** A room on air, as organizers lead it: asked, ready, on. What may be done next, and what that would cut. Pure. */
import type { AirCommand, PointRow } from '../wire/socket.ts';

export type AirWord = 'ask' | 'withdraw' | 'put' | 'replace' | 'takeBack' | 'letGo' | 'cutOff';

/** `cuts`: somebody who is seen by all would be so no more, and cannot be had back by the same button. */
export interface AirStep {
  word: AirWord;
  command: AirCommand;
  main: boolean;
  cuts: boolean;
}

/** What all see, and whether this organizer may change it: he is bound to no unit. */
export interface Programme {
  onAir: number | null;
  whole: boolean;
}

export type Air = NonNullable<PointRow['media']>['air'];

export const airOf = (row: PointRow): Air => row.media?.air ?? 'none';

/** What is seen in the place of a room on air that is not in the programme. */
export type Instead = 'hall' | 'slate';

/** Null: it is the room, or it cannot be told: no bridge lives, or another room comes or goes just now. */
export function insteadOf(room: number, { bridge, showing }: { bridge: string | null; showing: string | null }): Instead | null {
  if (bridge === null || showing === `point/${room}`) return null;
  if (showing === null) return 'slate';
  return showing === 'main' || showing === 'spare' ? 'hall' : null;
}

/** Whoever publishes can be watched. */
export const publishes = (air: Air): boolean => air === 'ready' || air === 'on';

/** It publishes, and there is nothing to see. */
export const heardOnly = (row: PointRow): boolean => publishes(airOf(row)) && (row.media?.voice ?? false);

/**
 * Taken back, a room stays ready and is on air again by one tap: that asks nothing. Another room in its place, or its end,
 * are asked about first.
 */
export function airSteps(row: PointRow, { onAir, whole }: Programme): AirStep[] {
  const { id: point } = row;
  const end: AirCommand = { type: 'end_air', point };
  const instead = onAir !== null && onAir !== point;
  switch (airOf(row)) {
    case 'none':
      return [{ word: 'ask', command: { type: 'ask_air', point }, main: false, cuts: false }];
    case 'asked':
      return [{ word: 'withdraw', command: end, main: false, cuts: false }];
    case 'ready': {
      const put: AirStep = { word: instead ? 'replace' : 'put', command: { type: 'put_on_air', point }, main: true, cuts: instead };
      return [...(whole ? [put] : []), { word: 'letGo', command: end, main: false, cuts: false }];
    }
    case 'on':
      if (!whole) return [];
      return [
        { word: 'takeBack', command: { type: 'put_on_air', point: null }, main: true, cuts: false },
        { word: 'cutOff', command: end, main: false, cuts: true },
      ];
  }
}

/** What each is drawn with. */
export const AIR_ICONS = { none: 'video', asked: 'clock', ready: 'ready', on: 'air' } as const;

const ORDER: readonly Air[] = ['on', 'ready', 'asked'];

/** Rooms that have a part in it: who is on air first, then who could be, then who was asked. */
export function inOrder(rows: readonly PointRow[]): PointRow[] {
  return [...rows].sort((a, b) => ORDER.indexOf(airOf(a)) - ORDER.indexOf(airOf(b)) || a.id - b.id);
}
