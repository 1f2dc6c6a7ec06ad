import { problemOf, release, voice, type DeviceProblem } from '../shared/media/devices.ts';
import type { MediaState } from '../shared/media/line.ts';
import type { MediaPass } from '../shared/media/session.ts';
import { Publisher } from '../shared/media/whip.ts';

/**
 * Speaking to one room beside the programme, for as long as a key is held. The line is opened by the first word and stays
 * open and silent after it, so that the next one is not cut; `end` closes it.
 */
export class Talk {
  line = $state.raw<MediaState>({ kind: 'off' });
  held = $state(false);
  problem = $state<DeviceProblem | null>(null);
  readonly #publisher: Publisher;
  #sound: MediaStream | null = null;
  #ended = false;

  constructor(ask: (failed: string) => Promise<MediaPass>) {
    this.#publisher = new Publisher({ ask, state: (state) => (this.line = state) });
  }

  /** The room hears what is said now. */
  readonly heard = $derived(this.held && this.line.kind === 'open');

  async hold(): Promise<void> {
    if (this.held) return;
    this.held = true;
    this.problem = null;
    try {
      this.#sound ??= await this.#listen();
      this.#open();
      if (!['open', 'quiet', 'connecting', 'lost'].includes(this.line.kind)) await this.#publisher.send(this.#sound);
    } catch (cause) {
      this.held = false;
      this.problem = problemOf(cause);
    }
  }

  letGo(): void {
    this.held = false;
    this.#open();
  }

  end(): void {
    this.#ended = true;
    this.letGo();
    this.#publisher.stop();
    release(this.#sound);
    this.#sound = null;
  }

  async #listen(): Promise<MediaStream> {
    const sound = await voice();
    // Asked for the microphone, a person may have gone on to another room.
    if (this.#ended) release(sound);
    return sound;
  }

  #open(): void {
    for (const track of this.#sound?.getAudioTracks() ?? []) track.enabled = this.held;
  }
}
