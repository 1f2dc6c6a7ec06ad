import { describe, expect, it } from 'vitest';
import { icons } from './icons.ts';

const STATUSES = ['none', 'in', 'ready', 'ok', 'tv', 'weak', 'lost', 'help', 'left'] as const;

describe('icons', () => {
  it('draws every status differently, since colour alone tells nothing', () => {
    expect(new Set(STATUSES.map((status) => icons[status])).size).toBe(STATUSES.length);
  });

  it.each(Object.entries(icons))('%s takes the colour of the text around it', (_, drawing) => {
    expect(drawing).not.toMatch(/#[0-9a-f]{3,6}|rgb/i);
  });
});
