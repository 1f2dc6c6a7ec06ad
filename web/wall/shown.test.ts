import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Shown, type MediaNow } from './shown.svelte.ts';

const state = (showing: string | null): MediaNow => ({ bridge: 'b', publishers: [], showing, viewers: 9 });
let shows: () => Promise<MediaNow>;
let asked: number;
let shown: Shown;
const look = () => vi.advanceTimersByTimeAsync(2_000);

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  shown = new Shown(() => {
    asked += 1;
    return shows();
  });
});
afterEach(() => vi.useRealTimers());

it('a room that is no more in the programme is told once it is found twice, and no more when it is back', async () => {
  shows = async () => state('main');
  const end = shown.follow(7);
  await vi.advanceTimersByTimeAsync(0);
  expect(shown.instead).toBeNull();
  await look();
  expect(shown.instead).toBe('hall');
  shows = async () => state(null);
  await look();
  expect(shown.instead).toBe('slate');
  shows = async () => state('point/7');
  await look();
  expect(shown.instead).toBeNull();
  end();
});

it('says nothing without an answer, and asks nobody any more when no room is on air', async () => {
  shows = async () => state('main');
  const end = shown.follow(7);
  await look();
  expect(shown.instead).toBe('hall');
  shows = () => Promise.reject(new Error('away'));
  await look();
  expect(shown.instead).toBeNull();
  shows = async () => state('main');
  await look();
  await look();
  expect(shown.instead).toBe('hall');
  end();
  expect(shown.instead).toBeNull();
  const before = asked;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(before);
});
