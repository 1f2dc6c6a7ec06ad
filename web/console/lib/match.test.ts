import { describe, expect, it } from 'vitest';
import { matchPath, safeNext } from './match.ts';

const PATTERNS = [
  ['list', '/console'],
  ['units', '/console/units'],
  ['points', '/console/c/:conference/points'],
] as const;

describe('matchPath', () => {
  it.each([
    ['/console', 'list', {}],
    ['/console/', 'list', {}],
    ['/console/units', 'units', {}],
    ['/console/c/hn%202023/points', 'points', { conference: 'hn 2023' }],
    ['/console/c/100%/points', 'points', { conference: '100%' }],
  ])('%s', (path, name, params) => {
    expect(matchPath(PATTERNS, path)).toEqual({ name, params });
  });

  it.each(['/', '/wall/1', '/console/c/1', '/console/c/1/points/2'])('leaves %s to others', (path) => {
    expect(matchPath(PATTERNS, path)).toBeNull();
  });
});

describe('safeNext', () => {
  it('goes back to where the person was', () => {
    expect(safeNext('/console/units?q=a')).toBe('/console/units?q=a');
  });

  it.each([null, '', 'https://evil.example', '//evil.example', '/\\evil.example', '/login?next=/x', '/setup/t'])(
    'never to %s',
    (next) => {
      expect(safeNext(next)).toBe('/console');
    },
  );
});
