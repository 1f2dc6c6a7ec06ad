import { describe, expect, it } from 'vitest';
import { plan, scaleOf, tilePlace, type Place, type Plan, type Screen } from './layout.ts';

/** Points a district and its communes had at the conference of 766 rooms: the city, then its 30 districts. */
const HANOI = [
  3, 21, 25, 9, 21, 9, 28, 25, 21, 12, 33, 31, 29, 11, 23, 18, 25, 24, 22, 38, 28, 23, 27, 28, 30, 39, 28, 36, 34, 36, 29,
];
const COUNTRY = [
  127, 57, 39, 76, 167, 135, 125, 93, 100, 67, 46, 149, 115, 105, 130, 55, 131, 79, 70, 95, 94, 103, 66, 125, 96, 97, 125,
  103, 103, 168, 104, 66, 41, 102,
];

const desk: Screen = { width: 1558, height: 946, scale: 1, touch: false };
const panel: Screen = { width: 3242, height: 1928, scale: scaleOf(3840, 2160), touch: false };
const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);

/** Every tile as a rectangle of the mosaic. */
function tiles(sizes: readonly number[], on: Plan): Place[] {
  return sizes.flatMap((size, group) =>
    Array.from({ length: size }, (_, index) => {
      const place = tilePlace(on, index);
      const corner = on.groups[group];
      if (!corner) throw new Error('a group has no place');
      return { x: corner.x + place.x, y: corner.y + place.y, ...on.tile };
    }),
  );
}

const meet = (a: Place, b: Place) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function overlaps(places: Place[]): [Place, Place][] {
  const found: [Place, Place][] = [];
  const sorted = [...places].sort((a, b) => a.y - b.y);
  sorted.forEach((a, i) => {
    for (const b of sorted.slice(i + 1)) {
      if (b.y >= a.y + a.height) break;
      if (meet(a, b)) found.push([a, b]);
    }
  });
  return found;
}

const outside = (places: Place[], on: Plan) =>
  places.filter((one) => one.x < 0 || one.y < 0 || one.x + one.width > on.width || one.y + one.height > on.height);

/** The same numbers on every run: a small linear congruential sequence. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

function anything(seed: number): { sizes: number[]; screen: Screen } {
  const random = numbers(seed);
  const between = (low: number, high: number) => Math.floor(low + random.next().value * (high - low + 1));
  const sizes = Array.from({ length: between(1, 60) }, () => between(1, between(1, 4) === 1 ? 300 : 40));
  const width = between(320, 3840);
  const height = between(300, 2160);
  return { sizes, screen: { width, height, scale: scaleOf(width, height), touch: between(1, 5) === 1 } };
}

describe('the plan of the mosaic', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed + 1))('holds for lists and screens of any size (%i)', (seed) => {
    const { sizes, screen } = anything(seed);
    const on = plan(sizes, screen);
    const all = tiles(sizes, on);

    expect(all).toHaveLength(total(sizes));
    expect(overlaps(all)).toEqual([]);
    expect(overlaps(on.groups)).toEqual([]);
    expect(outside([...all, ...on.groups], on)).toEqual([]);
    expect(plan(sizes, screen)).toEqual(on);
  });

  it('shows all 766 rooms of the capital on a 1080-line screen, each with a name and a number', () => {
    const on = plan(HANOI, desk);

    expect(total(HANOI)).toBe(766);
    expect(on.height).toBe(desk.height);
    expect(on.level).toBe('M');
    expect(on.nameSize).toBeGreaterThanOrEqual(9);
  });

  it('has room for expected headcounts on a panel of 2160 lines', () => {
    const on = plan(HANOI, panel);

    expect(on.height).toBe(panel.height);
    expect(on.level).toBe('L');
    expect(on.nameSize).toBeGreaterThanOrEqual(16);
  });

  it('shows all 3,355 rooms of the country on both', () => {
    expect(total(COUNTRY)).toBeGreaterThan(3300);
    expect(plan(COUNTRY, desk)).toMatchObject({ height: desk.height, level: 'XS' });
    expect(plan(COUNTRY, panel)).toMatchObject({ height: panel.height, level: 'S' });
  });

  it('reads in the official order along its top row', () => {
    const on = plan(HANOI, desk);
    const top = on.groups.map((place, group) => ({ ...place, group })).filter((place) => place.y === 0);
    const order = top.sort((a, b) => a.x - b.x).map((place) => place.group);

    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBe(0);
  });

  it('gives one group the width, with tiles that stay tiles', () => {
    const on = plan([15], desk);

    expect(on.level).toBe('L');
    expect(on.tile.width).toBeLessThanOrEqual(230);
    expect(on.across).toBeGreaterThan(5);
  });

  it('scrolls where nothing would fit, and under a finger', () => {
    const phone: Screen = { width: 366, height: 560, scale: 0.9, touch: true };

    expect(plan(HANOI, phone).height).toBeGreaterThan(phone.height);
    expect(plan(HANOI, phone).tile.height).toBeGreaterThanOrEqual(44);
    expect(plan([2000, 2000], { width: 320, height: 200, scale: 0.9, touch: false }).height).toBeGreaterThan(200);
  });

  it('of nothing is empty', () => {
    expect(plan([], desk)).toMatchObject({ groups: [], height: 0 });
  });
});

describe('the type scale', () => {
  it('is 1 at 1080 lines, grows slower than the screen and stops shrinking where type would be lost', () => {
    expect(scaleOf(1920, 1080)).toBe(1);
    expect(scaleOf(3840, 2160)).toBeCloseTo(1.866, 3);
    expect(scaleOf(390, 844)).toBe(0.9);
  });
});
