import { glimpse, problemOf, release, type DeviceProblem } from '../../shared/media/devices.ts';
import { Thumbnails, snapshot } from '../../shared/media/thumbnails.ts';
import type { MediaService } from './service.ts';

/** The room as the organizers may see it, by the room's own choice: off until somebody turns it on, and after a reload. */
export class RoomCamera {
  on = $state(false);
  stream = $state.raw<MediaStream | null>(null);
  problem = $state<DeviceProblem | 'refused' | null>(null);
  #changed: () => void;
  #video: HTMLVideoElement | null = null;
  #lent: MediaStream | null = null;
  #round = 0;
  #pictures: Thumbnails;

  /** `changed`: the organizers are to know whether there are pictures, before the first one. */
  constructor(service: MediaService, changed: () => void) {
    this.#changed = changed;
    this.#pictures = new Thumbnails({
      take: async () => (this.#video ? snapshot(this.#video) : null),
      put: (picture) => service.show(picture),
      refused: () => this.#fail('refused'),
    });
  }

  /** Whether pictures go out now. */
  get showing(): boolean {
    return this.on && this.stream !== null;
  }

  set(on: boolean): void {
    this.on = on;
    this.problem = null;
    if (on) void this.#open();
    else this.#close();
  }

  /** Nobody sees the sign on a page out of sight: the camera is closed with it, and opened when it is back. */
  seen(visible: boolean): void {
    if (!this.on) return;
    if (visible) void this.#open();
    else this.#close();
  }

  /** A camera that is open for something else is not opened twice: many phones cannot. */
  borrow(stream: MediaStream | null): void {
    const before = this.#lent;
    this.#lent = stream;
    if (!this.on || before === stream) return;
    this.#close();
    void this.#open();
  }

  async #open(): Promise<void> {
    const round = ++this.#round;
    try {
      const stream = this.#lent ?? (await glimpse());
      if (round !== this.#round) return this.#release(stream);
      stream.getVideoTracks()[0]?.addEventListener('ended', () => round === this.#round && this.#fail('none'));
      await this.#watch(stream);
      this.stream = stream;
      this.#changed();
      this.#pictures.start();
    } catch (cause) {
      if (round === this.#round) this.#fail(problemOf(cause));
    }
  }

  async #watch(stream: MediaStream): Promise<void> {
    const video = (this.#video = document.createElement('video'));
    video.muted = video.playsInline = true;
    video.srcObject = stream;
    await video.play();
  }

  #fail(problem: DeviceProblem | 'refused'): void {
    this.on = false;
    this.problem = problem;
    this.#close();
  }

  #release(stream: MediaStream | null): void {
    if (stream !== this.#lent) release(stream);
  }

  #close(): void {
    this.#round += 1;
    this.#pictures.stop();
    this.#release(this.stream);
    this.stream = this.#video = null;
    this.#changed();
  }
}
