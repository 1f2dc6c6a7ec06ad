import type { Phase, PointView } from '../../wire/socket.ts';
import { inside, type Part, type Shown } from './overlay.ts';

export const STEPS = ['check_in', 'ready', 'headcount', 'follow'] as const;
export type Step = (typeof STEPS)[number];

/** What the one screen shows: a step, or a state in which there is no next step. */
export type Scene = Step | 'not_begun' | 'left' | 'point_closed' | 'ended';

/** `asked` is what the person opened by hand; it counts only where it makes sense. */
export function scene(point: PointView, phase: Phase, asked: Step | null = null): Scene {
  if (point.closed) return 'point_closed';
  if (asked && openable(point, phase, asked)) return asked;
  if (phase === 'closed') return 'ended';
  if (phase === 'draft') return 'not_begun';
  if (point.stage === 'left') return 'left';
  if (point.stage === 'none') return 'check_in';
  if (point.stage === 'in') return 'ready';
  return point.headcount ? 'follow' : 'headcount';
}

/** A headcount may be corrected even after the end; the other steps only from inside the room. */
export function openable(point: PointView, phase: Phase, step: Step): boolean {
  if (point.closed || phase === 'draft') return false;
  if (step === 'headcount') return point.stage !== 'none';
  if (phase === 'closed' || !inside(point)) return false;
  return step === 'ready' || (step === 'follow' && point.headcount !== null);
}

export interface StripItem {
  step: Step;
  /** `waiting`: tapped here, the server has not answered yet. */
  state: 'done' | 'waiting' | 'ahead';
  now: boolean;
  openable: boolean;
}

/** The four steps for the strip above the card. */
export function strip({ point, unsure }: Shown, phase: Phase, at: Scene): StripItem[] {
  const passed: Record<Step, boolean> = {
    check_in: inside(point),
    ready: point.stage === 'ready',
    headcount: point.headcount !== null,
    follow: false,
  };
  const rests: Record<Step, Part> = { check_in: 'entry', ready: 'stage', headcount: 'headcount', follow: 'stage' };
  const waiting = (step: Step): boolean => unsure.has(rests[step]);
  return STEPS.map((step) => ({
    step,
    state: passed[step] ? (waiting(step) ? 'waiting' : 'done') : 'ahead',
    now: step === at,
    openable: step !== at && openable(point, phase, step),
  }));
}
