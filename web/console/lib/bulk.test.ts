import { expect, it } from 'vitest';
import { batches } from './bulk.ts';

it.each([
  [0, []],
  [3, [3]],
  [5, [3, 2]],
  [6, [3, 3]],
])('%d points go in batches of at most three', (count, sizes) => {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const parts = batches(ids, 3);
  expect(parts.map((part) => part.length)).toEqual(sizes);
  expect(parts.flat()).toEqual(ids);
});
