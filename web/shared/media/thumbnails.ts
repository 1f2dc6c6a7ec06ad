/** A small picture of a camera, every few seconds, for as long as it is wanted. */

export const WIDTH = 480; // px, what the service takes at most
export const HEIGHT = 270;
export const MOST = 24 * 1024; // bytes
export const EVERY = 5_000; // ms
const QUALITIES = [0.6, 0.45, 0.3, 0.15]; // the first is nearly always small enough

/** As large as the bounds let it be, in its own shape, never larger than it is. */
export function fitted(width: number, height: number): { width: number; height: number } {
  const share = Math.min(1, WIDTH / width, HEIGHT / height);
  return { width: Math.max(1, Math.floor(width * share)), height: Math.max(1, Math.floor(height * share)) };
}

/** What `video` shows now as a JPEG; null while it shows nothing. */
export async function snapshot(video: HTMLVideoElement, canvas = document.createElement('canvas')): Promise<Blob | null> {
  if (!video.videoWidth) return null;
  const { width, height } = fitted(video.videoWidth, video.videoHeight);
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(video, 0, 0, width, height);
  for (const quality of QUALITIES) {
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (made && made.size <= MOST) return made;
  }
  return null;
}

export interface ThumbnailOptions {
  take: () => Promise<Blob | null>;
  /** False: it is refused for good, no further one is wanted. Must not throw. */
  put: (picture: Blob) => Promise<boolean>;
  refused: () => void;
}

/** One picture at a time, whatever the line takes for it. */
export class Thumbnails {
  #options: ThumbnailOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  constructor(options: ThumbnailOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    void this.#next(this.#round);
  }

  stop(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
  }

  async #next(round: number): Promise<void> {
    const picture = await this.#options.take();
    if (round !== this.#round) return;
    const wanted = !picture || (await this.#options.put(picture));
    if (round !== this.#round) return;
    if (wanted) this.#timer = setTimeout(() => void this.#next(round), EVERY);
    else this.#options.refused();
  }
}
