import type { Faring } from '../../shared/media/figures.ts';
import type { MediaState } from '../../shared/media/line.ts';
import type { Quality } from '../../shared/media/session.ts';
import { Player } from '../../shared/media/whep.ts';
import type { Shelf } from '../model/shelf.ts';
import type { MediaService } from './service.ts';

const WEAK_FOR = 10_000; // ms that one bad look is told: a word that comes and goes is read by nobody
const UNSEEN = 20_000; // ms out of sight and silent after which it is nobody's: a phone in a pocket pays for each minute

/** How this device watches, kept for the next time: who saved his line once saves it after a reload. */
const CHOICE = 'nc:watch';
const BY_HAND: readonly Quality[] = ['sound', 0, 1, 2];

/** The programme on this device. */
export class Programme {
  state = $state.raw<MediaState>({ kind: 'off' });
  stream = $state.raw<MediaStream | null>(null);
  faring = $state.raw<Faring | null>(null);
  muted = $state(true);
  quality = $state.raw<Quality>(null);
  /** By hand, until it is wanted again. */
  stopped = $state(false);
  weak = $state(false);
  #player: Player;
  #shelf: Shelf;
  #hushed: () => boolean;
  #weakUntil = 0;
  #wanted = false;
  #pocket: ReturnType<typeof setTimeout> | undefined;

  /** `hushed`: the room speaks from here, what comes back of it would echo. */
  constructor(service: MediaService, shelf: Shelf, hushed: () => boolean) {
    this.#shelf = shelf;
    this.#hushed = hushed;
    this.#player = new Player({
      ask: (failed) => service.pass('programme', 'watch', failed),
      state: (state) => (this.state = state),
      show: (stream) => (this.stream = stream),
    });
    const choice = shelf.get(CHOICE);
    this.stopped = choice === 'stopped';
    this.quality = BY_HAND.find((one) => String(one) === choice) ?? null;
    void this.#player.choose(this.quality);
  }

  get hushed(): boolean {
    return this.#hushed();
  }

  get soundOnly(): boolean {
    return this.quality === 'sound';
  }

  get silent(): boolean {
    return this.muted || this.hushed;
  }

  get codec(): string {
    return this.#player.codec;
  }

  /** Whether there is a programme for this room now. */
  want(wanted: boolean): void {
    this.#wanted = wanted;
    this.#turn(document.visibilityState === 'visible' || !this.silent);
  }

  stop(): void {
    this.stopped = true;
    this.#keep();
    this.#turn(false);
  }

  start(): void {
    this.stopped = false;
    this.#keep();
    this.#turn(true);
  }

  choose(quality: Quality): void {
    this.quality = quality;
    this.#keep();
    void this.#player.choose(quality);
  }

  seen(visible: boolean): void {
    clearTimeout(this.#pocket);
    if (visible) this.#turn(true);
    else this.#pocket = setTimeout(() => this.silent && this.#turn(false), UNSEEN);
  }

  /** Looks how it fares; null: it does not run. */
  async look(): Promise<Faring | null> {
    const faring = await this.#player.fares();
    const now = performance.now();
    if (faring?.weak) this.#weakUntil = now + WEAK_FOR;
    this.weak = now < this.#weakUntil;
    this.faring = faring;
    return faring;
  }

  #keep(): void {
    this.#shelf.set(CHOICE, this.stopped ? 'stopped' : String(this.quality ?? 'whole'));
  }

  #turn(on: boolean): void {
    clearTimeout(this.#pocket);
    if (on && this.#wanted && !this.stopped) this.#player.start();
    else this.#player.stop();
  }
}
