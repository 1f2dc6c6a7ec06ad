import { expect, it } from 'vitest';
import { easyPassword } from './password.ts';
import { passwordState } from './say.ts';

it('is long enough, readable and never the same', () => {
  const made = new Set(Array.from({ length: 200 }, () => easyPassword()));
  expect(made.size).toBe(200);
  for (const one of made) {
    expect(one).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
    expect(passwordState(one, 'ha').missing).toBe(0);
  }
});

it('draws every sign equally often: bytes of the uneven rest are passed over', () => {
  let turn = 0;
  const first = easyPassword(() => new Uint8Array(16).fill(turn++ === 0 ? 255 : 0));
  expect(first).toBe('aaaa-aaaa-aaaa-aaaa');
  expect(turn).toBe(2);
});
