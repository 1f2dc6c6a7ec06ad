import { presence } from '../../shared/media/figures.ts';
import type { Air, MediaFigures } from '../../wire/protocol.ts';
import type { Shelf } from '../model/shelf.ts';
import { OnAir } from './air.svelte.ts';
import { RoomCamera } from './camera.svelte.ts';
import { Programme } from './programme.svelte.ts';
import { MediaService } from './service.ts';

const EVERY = 3_000; // ms between two looks at how the player fares, each told to the organizers

export interface RoomLine {
  token: string;
  point: number;
  shelf: Shelf;
  /** False: there is no line now. */
  status: (figures: MediaFigures) => boolean;
}

/** Everything of picture and sound in this room. Loaded only where the installation has them. */
export class RoomMedia {
  readonly programme: Programme;
  readonly camera: RoomCamera;
  readonly air: OnAir;
  #line: RoomLine;
  #timer: ReturnType<typeof setInterval> | undefined;
  #onAir = $state(false);
  #told = false; // the organizers believe that something plays or is shown

  constructor(line: RoomLine) {
    const service = new MediaService(line.token);
    this.#line = line;
    // Only what this device sends can echo.
    this.programme = new Programme(service, line.shelf, () => this.#onAir && this.air.stream !== null);
    this.camera = new RoomCamera(service, () => void this.#tell());
    this.air = new OnAir(service, line, () => this.programme.codec, (stream) => {
      this.camera.borrow(stream && !this.air.voice ? stream : null);
      void this.#tell();
    });
  }

  start(): void {
    this.#timer = setInterval(() => void this.#tell(), EVERY);
    document.addEventListener('visibilitychange', this.#seen);
  }

  stop(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#seen);
    this.programme.want(false);
    this.camera.set(false);
    this.air.stop();
  }

  /** `air`: the server's truth. `begun`: there is a programme for this room now. */
  follow(air: Air, begun: boolean): void {
    this.#onAir = air === 'on';
    this.programme.want(begun);
    if (!begun && this.camera.on) this.camera.set(false);
    this.air.follow(begun ? air : 'none');
  }

  #seen = (): void => {
    const visible = document.visibilityState === 'visible';
    this.programme.seen(visible);
    this.camera.seen(visible);
  };

  async #tell(): Promise<void> {
    const faring = await this.programme.look();
    const { soundOnly, silent: muted } = this.programme;
    const pictures = this.camera.showing;
    const voice = this.air.voice && this.air.stream !== null;
    const figures: MediaFigures = { ...(faring && presence(faring, { soundOnly, muted })), pictures, voice };
    const says = figures.playing || pictures || voice;
    if (says || this.#told) this.#told = this.#line.status(figures) ? says : this.#told;
  }
}
