import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EVERY, MOST, Thumbnails, fitted, snapshot } from './thumbnails.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it.each([
  [1280, 720, 480, 270],
  [1920, 1080, 480, 270],
  [640, 480, 360, 270],
  [720, 1280, 151, 270],
  [320, 180, 320, 180],
])('%i × %i becomes %i × %i', (width, height, w, h) => {
  expect(fitted(width, height)).toEqual({ width: w, height: h });
});

describe('a snapshot', () => {
  const video = { videoWidth: 1280, videoHeight: 720 } as HTMLVideoElement;
  /** A canvas whose pictures are so many bytes large at each quality. */
  const canvas = (sizes: Record<number, number>, asked: number[] = []): HTMLCanvasElement =>
    ({
      getContext: () => ({ drawImage: () => {} }),
      toBlob: (done: (blob: Blob) => void, type: string, quality: number) => {
        asked.push(quality);
        done(new Blob([new Uint8Array(sizes[quality] ?? MOST + 1)], { type }));
      },
    }) as unknown as HTMLCanvasElement;

  it('is coarser where it would be too large, and none where nothing helps', async () => {
    const asked: number[] = [];
    expect((await snapshot(video, canvas({ 0.45: MOST }, asked)))?.size).toBe(MOST);
    expect(asked).toEqual([0.6, 0.45]);
    expect(await snapshot(video, canvas({}))).toBeNull();
  });

  it('is none before the camera shows anything', async () => {
    expect(await snapshot({ videoWidth: 0 } as HTMLVideoElement, canvas({}))).toBeNull();
  });
});

describe('the pictures of a room', () => {
  const one = new Blob(['jpeg']);

  it('are put every few seconds until it is enough', async () => {
    const put = vi.fn(async () => true);
    const pictures = new Thumbnails({ take: async () => one, put, refused: () => {} });
    pictures.start();
    await vi.advanceTimersByTimeAsync(2 * EVERY);
    expect(put).toHaveBeenCalledTimes(3);
    pictures.stop();
    await vi.advanceTimersByTimeAsync(2 * EVERY);
    expect(put).toHaveBeenCalledTimes(3);
  });

  it('wait for a camera that is still dark, and for a slow line', async () => {
    let taken: Blob | null = null;
    let arrived: (() => void) | undefined;
    const put = vi.fn(() => new Promise<boolean>((done) => (arrived = () => done(true))));
    const pictures = new Thumbnails({ take: async () => taken, put, refused: () => {} });
    pictures.start();
    await vi.advanceTimersByTimeAsync(EVERY - 1);
    expect(put).not.toHaveBeenCalled();
    taken = one;
    await vi.advanceTimersByTimeAsync(10 * EVERY);
    expect(put).toHaveBeenCalledTimes(1);
    arrived?.();
    await vi.advanceTimersByTimeAsync(EVERY);
    expect(put).toHaveBeenCalledTimes(2);
    pictures.stop();
  });

  it('end when they are refused', async () => {
    const refused = vi.fn();
    const put = vi.fn(async () => false);
    new Thumbnails({ take: async () => one, put, refused }).start();
    await vi.advanceTimersByTimeAsync(3 * EVERY);
    expect(put).toHaveBeenCalledTimes(1);
    expect(refused).toHaveBeenCalledTimes(1);
  });
});
