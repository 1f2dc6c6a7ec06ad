import type { DeviceProblem } from '../../shared/media/devices.ts';
import type { MediaState } from '../../shared/media/line.ts';
import type { Air } from '../../wire/protocol.ts';

export interface AirNow {
  /** As the room sees it, with its own unanswered taps. */
  air: Air;
  /** This device sends. */
  here: boolean;
  opened: boolean;
  problem: DeviceProblem | null;
  line: MediaState;
}

/**
 * `away`: this device does not send; only the bridge knows whether another one does, and says so (`taken`). `on` and `ready` are told as soon as the organizers mean them, `cut` says
 * that nothing of it arrives.
 */
export type AirScene = 'none' | 'asked' | 'away' | 'problem' | 'opening' | 'joining' | 'taken' | 'ready' | 'on' | 'cut';

export function airScene({ air, here, opened, problem, line }: AirNow): AirScene {
  if (air === 'none' || air === 'asked') return air;
  if (!here) return 'away';
  if (problem) return 'problem';
  if (!opened) return 'opening';
  if (line.kind === 'open' || line.kind === 'quiet') return air;
  if (line.kind === 'lost' && line.code === 'stream_taken') return 'taken';
  return air === 'on' ? 'cut' : 'joining';
}
