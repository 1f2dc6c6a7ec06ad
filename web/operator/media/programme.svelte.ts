import type { Faring } from '../../shared/media/figures.ts';
import type { MediaState } from '../../shared/media/line.ts';
import { Player } from '../../shared/media/whep.ts';
import type { Shelf } from '../model/shelf.ts';
import type { MediaService } from './service.ts';

const WEAK_FOR = 10_000; // ms that one bad look is told: a word that comes and goes is read by nobody
const UNSEEN = 20_000; // ms out of sight and silent after which it is nobody's: a phone in a pocket pays for each minute

/** How this device watches, kept for the next time: who saved his line once saves it after a reload. */
const CHOICE = 'nc:watch';

/** The programme on this device. */
export class Programme {
  state = $state.raw<MediaState>({ kind: 'off' });
  stream = $state.raw<MediaStream | null>(null);
  faring = $state.raw<Faring | null>(null);
  muted = $state(true);
  soundOnly = $state(false);
  /** By hand, until it is wanted again. */
  stopped = $state(false);
  /** The room speaks: what comes back of it would echo. */
  hushed = $state(false);
  weak = $state(false);
  #player: Player;
  #shelf: Shelf;
  #weakUntil = 0;
  #wanted = false;
  #pocket: ReturnType<typeof setTimeout> | undefined;

  constructor(service: MediaService, shelf: Shelf) {
    this.#shelf = shelf;
    this.#player = new Player({
      ask: (failed) => service.pass('programme', 'watch', failed),
      state: (state) => (this.state = state),
      show: (stream) => (this.stream = stream),
    });
    const choice = shelf.get(CHOICE);
    this.stopped = choice === 'stopped';
    this.soundOnly = choice === 'sound';
    void this.#player.listen(this.soundOnly);
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

  listen(soundOnly: boolean): void {
    this.soundOnly = soundOnly;
    this.#keep();
    void this.#player.listen(soundOnly);
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
    this.#shelf.set(CHOICE, this.stopped ? 'stopped' : this.soundOnly ? 'sound' : 'whole');
  }

  #turn(on: boolean): void {
    clearTimeout(this.#pocket);
    if (on && this.#wanted && !this.stopped) this.#player.start();
    else this.#player.stop();
  }
}
