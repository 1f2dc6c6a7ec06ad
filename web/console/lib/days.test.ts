import { describe, expect, it } from 'vitest';
import { parseDay, showDay } from './days.ts';

describe('parseDay', () => {
  it.each([
    ['18/05/2023', '2023-05-18'],
    [' 8/5/2023 ', '2023-05-08'],
    ['18-05-2023', '2023-05-18'],
    ['18.5.2023', '2023-05-18'],
    ['18052023', '2023-05-18'],
    ['29/02/2024', '2024-02-29'],
  ])('%s', (text, iso) => {
    expect(parseDay(text)).toBe(iso);
    expect(parseDay(showDay(iso))).toBe(iso);
  });

  it.each(['', '31/02/2023', '29/02/2023', '05/18/2023', '18/05/23', '2023-05-18', 'mai'])('%s is no day', (text) => {
    expect(parseDay(text)).toBeNull();
  });
});
