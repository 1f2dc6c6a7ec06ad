import { describe, expect, it } from 'vitest';
import { readPosition, writePosition } from './position.ts';

describe('readPosition', () => {
  it.each([
    ['21.0285, 105.8542', 21.0285, 105.8542],
    [' 21.0285 105.8542 ', 21.0285, 105.8542],
    ['(21.0285,105.8542)', 21.0285, 105.8542],
    ['21,0285; 105,8542', 21.0285, 105.8542],
    ['21,0285, 105,8542', 21.0285, 105.8542],
    ['21.0285° B, 105.8542° Đ', 21.0285, 105.8542],
    ['21.0285°N 105.8542°E', 21.0285, 105.8542],
    ['-8.65, -179', -8.65, -179],
  ])('%s', (text, lat, lon) => {
    const read = readPosition(text);
    expect(read).toEqual({ lat, lon });
    expect(readPosition(writePosition(lat, lon))).toEqual(read);
  });

  it('knows no place where nothing is written', () => {
    expect(readPosition('  ')).toEqual({ lat: null, lon: null });
    expect(writePosition(null, null)).toBe('');
  });

  it.each(['21.0285', '105.8542, 21.0285', '21, 181', '21.0285, 105.8542, 3', 'Hồ Gươm', '21..0, 105'])('%s is no place', (text) => {
    expect(readPosition(text)).toBeUndefined();
  });
});
