import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('works at once, then no more often than it may, and never forgets the last asking', () => {
  let done = 0;
  const pace = new Pace(200, () => (done += 1));
  pace.ask();
  expect(done).toBe(1);
  for (let ms = 0; ms < 190; ms += 10) {
    vi.advanceTimersByTime(10);
    pace.ask();
  }
  expect(done).toBe(1);
  vi.advanceTimersByTime(10);
  expect(done).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(done).toBe(2);
  pace.ask();
  expect(done).toBe(3);
});

it('does nothing after its end', () => {
  let done = 0;
  const pace = new Pace(200, () => (done += 1));
  pace.ask();
  pace.ask();
  pace.end();
  vi.advanceTimersByTime(1_000);

  expect(done).toBe(1);
});
