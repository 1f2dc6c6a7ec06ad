import type { components } from '../wire/http.ts';
import { insteadOf, type Instead } from './air.ts';

export type MediaNow = components['schemas']['MediaState'];

const EVERY = 2_000; // ms; bridges report no more often

/** What the programme shows in the place of the room on air, whose line may be gone: rows tell what was decided alone. */
export class Shown {
  instead = $state<Instead | null>(null);
  readonly #ask: () => Promise<MediaNow>;

  constructor(ask: () => Promise<MediaNow>) {
    this.#ask = ask;
  }

  /** Looks for as long as that room is on air. Returns how to end it. */
  follow(room: number): () => void {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let before: Instead | null = null;
    const look = async (): Promise<void> => {
      const now = await this.#ask().then((state) => insteadOf(room, state), () => null); // no answer says nothing of it
      if (ended) return;
      // Told when it is found twice: a bridge hears of a room that was just put on air a moment later.
      this.instead = before && now;
      before = now;
      timer = setTimeout(() => void look(), EVERY);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
      this.instead = null;
    };
  }
}
