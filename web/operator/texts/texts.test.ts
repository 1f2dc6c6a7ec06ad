import { describe, expect, it } from 'vitest';
import { TEXTS, dial, firstLanguage, say, unbroken } from './index.ts';

/** Every text of a dictionary with its path; functions are called with plain values. */
function flat(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...all: unknown[]) => unknown)(3, '4'))]];
  return Object.entries(value as object).flatMap(([key, inner]) => flat(inner, `${path}.${key}`));
}

describe('the dictionaries', () => {
  const [vietnamese, english] = [flat(TEXTS.vi), flat(TEXTS.en)];

  it('say the same things', () => {
    expect(english.map(([path]) => path)).toEqual(vietnamese.map(([path]) => path));
  });

  it.each([...vietnamese, ...english])('%s says something', (_, text) => {
    expect(text.trim()).not.toBe('');
    expect(text).toBe(text.normalize('NFC'));
  });
});

describe('the first language', () => {
  it.each([
    [null, ['vi-VN', 'en'], 'vi'],
    [null, ['en-GB'], 'en'],
    [null, ['fr', 'ja'], 'vi'],
    ['en', ['vi'], 'en'],
    ['xx', [], 'vi'],
  ] as const)('chosen %s, browser %s: %s', (chosen, browser, language) => {
    expect(firstLanguage(chosen, browser)).toBe(language);
  });
});

it('writes a phone number to be called and to be read', () => {
  expect(dial('+84 (24) 3825-1234')).toBe('tel:+842438251234');
  expect(unbroken('024 3825 1234')).toBe('024\u00a03825\u00a01234');
});

it('tells a tap in words', () => {
  expect(say({ type: 'report_headcount', point: 1, in_room: 1234 }, TEXTS.vi, 'vi')).toBe('Báo 1.234 người');
  expect(say({ type: 'ready', point: 1, ready: false }, TEXTS.en, 'en')).toBe('Not ready');
  expect(say({ type: 'ask_help', point: 1, category: 'line' }, TEXTS.vi, 'vi')).toBe('Cần hỗ trợ: Đường truyền kém');
});
