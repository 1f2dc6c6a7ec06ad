/**
 * Where every group and tile of the mosaic stands: a pure function of the room there is and the sizes of the groups, so that
 * no event can move a tile. Groups are never split. All lengths are whole CSS pixels.
 */

export interface Box {
  width: number;
  height: number;
}

export interface Place extends Box {
  x: number;
  y: number;
}

/** How much a tile can show: L name, number, expected, bar; M short name, number; S number; XS colour and shape. */
export type Level = 'L' | 'M' | 'S' | 'XS';

export interface Plan extends Box {
  /** Tiles in a row of a group. */
  across: number;
  tile: Box;
  gap: number;
  /** Height of a group's heading above its tiles. */
  head: number;
  level: Level;
  nameSize: number;
  numberSize: number;
  /** In the order the sizes were given. */
  groups: Place[];
}

export interface Screen extends Box {
  /** 1 on a 1080-line screen; type grows slower than the screen. */
  scale: number;
  /** Fingers need tiles they can hit: the mosaic then scrolls instead of shrinking. */
  touch: boolean;
}

// A tile is this many of its own type sizes wide and tall: what the search below makes as large as it can.
const WIDE = 5.5;
const TALL = 2.6;
const FLATTEST = 0.55; // height of a tile against its width, at most; taller ones read as cards
const MOST_COLUMNS = 18;
const MOST_SWAPS = 200; // packing of 34 groups settles within 30
const LARGEST = { width: 230, height: 104 }; // at scale 1; beyond it a tile is emptier, not clearer
const LEAST = { width: 8, height: 6 }; // below it a mark of 1 px edge has no inside
const FINGER = { width: 66, height: 44 };
const SCROLLED = { width: 72, height: 32 }; // where nothing fits, tiles of level M and a scroll bar

interface Measures {
  head: number;
  columnGap: number;
  groupGap: number;
  gap: number;
  /** A heading's two lines need this width. */
  column: number;
}

interface Choice {
  columns: number;
  across: number;
  tile: Box;
  packed: number[][];
}

/** The type scale of a screen: `rem` is 10 px times it. Never under 0.9, where small type would fall below 10 px. */
export function scaleOf(width: number, height: number): number {
  return Math.max(0.9, Math.min(width / 1920, height / 1080) ** 0.9);
}

export function plan(sizes: readonly number[], screen: Screen): Plan {
  const px = (length: number) => Math.round(length * screen.scale);
  const points = sizes.reduce((sum, size) => sum + size, 0);
  const measures: Measures = {
    head: px(34),
    columnGap: px(12),
    groupGap: px(8),
    gap: points > 1500 ? 2 : Math.max(2, px(2)),
    column: px(185),
  };
  const choice = screen.touch || points === 0 ? null : best(sizes, screen, measures);
  return choice ? fitted(sizes, screen, measures, choice) : scrolled(sizes, screen, measures);
}

/** Where tile `index` of a group stands, from the group's own corner. */
export function tilePlace(on: Plan, index: number): { x: number; y: number } {
  const column = index % on.across;
  const line = (index - column) / on.across;
  return { x: column * (on.tile.width + on.gap), y: on.head + line * (on.tile.height + on.gap) };
}

const typeOf = (width: number, height: number) => Math.min(width / WIDE, height / TALL);
const columnWidth = (screen: Screen, m: Measures, columns: number) =>
  Math.floor((screen.width - (columns - 1) * m.columnGap) / columns);
const groupHeight = (rows: number, height: number, m: Measures) => m.head + rows * (height + m.gap) - m.gap;

/** Tries every (columns, tiles a row) and keeps the one with the largest type; `null` when none fits. */
function best(sizes: readonly number[], screen: Screen, m: Measures): Choice | null {
  const most = { width: LARGEST.width * screen.scale, height: LARGEST.height * screen.scale };
  const longest = Math.max(...sizes);
  let found: Choice | null = null;
  let type = 0;
  for (let columns = 1; columns <= Math.min(MOST_COLUMNS, sizes.length); columns += 1) {
    const inside = columnWidth(screen, m, columns);
    if (inside < m.column && columns > 1) break;
    for (let across = 1; across <= longest || across === 1; across += 1) {
      const width = Math.floor(Math.min(most.width, (inside - (across - 1) * m.gap) / across));
      if (width < LEAST.width) break;
      const rows = sizes.map((size) => Math.ceil(size / across));
      const limit = Math.min(most.height, width * FLATTEST, tallest(rows, columns, screen.height, m));
      for (let height = Math.floor(limit); height >= LEAST.height && typeOf(width, height) >= type; height -= 1) {
        const packed = pack(rows, columns, height, screen.height, m);
        if (!packed) continue;
        type = typeOf(width, height);
        found = { columns, across, tile: { width, height }, packed };
        break;
      }
    }
  }
  return found;
}

/** The height of a tile if the columns could be filled to the last pixel: no packing reaches more. */
function tallest(rows: number[], columns: number, height: number, m: Measures): number {
  const lines = rows.reduce((sum, row) => sum + row, 0);
  const heads = rows.length * (m.head + m.groupGap - m.gap);
  return Math.floor((columns * (height + m.groupGap) - heads) / lines) - m.gap;
}

interface Column {
  filled: number;
  groups: number[];
}

/**
 * Groups into columns: largest first into the shortest column, then moves and swaps that lower the fullest one. Columns
 * stand in the order of their first group, so that the top row reads in the official order.
 */
function pack(rows: number[], columns: number, height: number, room: number, m: Measures): number[][] | null {
  const heights = rows.map((row) => groupHeight(row, height, m) + m.groupGap);
  const space = room + m.groupGap;
  if (heights.reduce((sum, one) => sum + one, 0) > columns * space) return null;
  const filled: Column[] = Array.from({ length: columns }, () => ({ filled: 0, groups: [] }));
  const largestFirst = heights.map((_, group) => group).sort((a, b) => heights[b]! - heights[a]! || a - b);
  for (const group of largestFirst) {
    const column = filled.reduce((least, one) => (one.filled < least.filled ? one : least));
    column.filled += heights[group]!;
    column.groups.push(group);
  }
  for (let turn = 0; turn < MOST_SWAPS && lowerFullest(filled, heights); turn += 1);
  if (filled.some((column) => column.filled > space)) return null;
  for (const column of filled) column.groups.sort((a, b) => a - b);
  return filled.map((column) => column.groups).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

/** One move or swap that lowers the fullest column the most; `false` when none does. */
function lowerFullest(columns: Column[], heights: number[]): boolean {
  const top = columns.reduce((most, one) => (one.filled > most.filled ? one : most));
  let peak = top.filled;
  let change: { to: Column; give: number; take: number | null; by: number } | null = null;
  for (const to of columns) {
    if (to === top) continue;
    for (const give of top.groups) {
      for (const take of [null, ...to.groups]) {
        const by = heights[give]! - (take === null ? 0 : heights[take]!);
        const after = Math.max(top.filled - by, to.filled + by);
        if (by > 0 && after < peak) {
          peak = after;
          change = { to, give, take, by };
        }
      }
    }
  }
  if (!change) return false;
  const { to, give, take, by } = change;
  top.groups[top.groups.indexOf(give)] = take ?? -1;
  top.groups = top.groups.filter((group) => group >= 0);
  to.groups = to.groups.filter((group) => group !== take).concat(give);
  top.filled -= by;
  to.filled += by;
  return true;
}

/** What is left over becomes space between groups and columns, so that bottoms and the right edge align. */
function fitted(sizes: readonly number[], screen: Screen, m: Measures, choice: Choice): Plan {
  const { columns, across, tile, packed } = choice;
  const width = across * (tile.width + m.gap) - m.gap;
  const spare = columns > 1 ? (screen.width - columns * width) / (columns - 1) : 0;
  const between = Math.min(spare, m.columnGap * 2.5);
  const groups = new Array<Place>(sizes.length);
  packed.forEach((column, index) => {
    const heights = column.map((group) => groupHeight(Math.ceil(sizes[group]! / across), tile.height, m));
    const left = screen.height - heights.reduce((sum, one) => sum + one, 0);
    const step = column.length > 1 ? Math.min(left / (column.length - 1), m.groupGap * 4) : 0;
    let y = 0;
    column.forEach((group, i) => {
      groups[group] = { x: Math.floor(index * (width + between)), y: Math.floor(y), width, height: heights[i]! };
      y += heights[i]! + step;
    });
  });
  return drawn(screen, m, across, tile, groups, screen.height);
}

/** Where nothing fits: tiles of a useful size, as many columns as there is room for, and the page scrolls. */
function scrolled(sizes: readonly number[], screen: Screen, m: Measures): Plan {
  const goal = screen.touch ? FINGER : { width: SCROLLED.width * screen.scale, height: SCROLLED.height * screen.scale };
  const fitting = Math.floor((screen.width + m.columnGap) / (m.column + m.columnGap));
  const columns = Math.max(1, Math.min(screen.touch ? 1 : MOST_COLUMNS, fitting, sizes.length || 1));
  const inside = columnWidth(screen, m, columns);
  const across = Math.max(1, Math.floor((inside + m.gap) / (goal.width + m.gap)));
  const tile = { width: Math.max(1, Math.floor((inside - (across - 1) * m.gap) / across)), height: Math.floor(goal.height) };
  const filled = new Array<number>(columns).fill(0);
  const groups = sizes.map((size) => {
    const column = filled.indexOf(Math.min(...filled));
    const height = groupHeight(Math.ceil(size / across), tile.height, m);
    const place = { x: column * (inside + m.columnGap), y: filled[column]!, width: inside, height };
    filled[column] = place.y + height + m.groupGap * 2;
    return place;
  });
  return drawn(screen, m, across, tile, groups, Math.max(...filled, 0));
}

function drawn(screen: Screen, m: Measures, across: number, tile: Box, groups: Place[], height: number): Plan {
  const level = levelOf(tile, screen.scale);
  const nameSize = level === 'L' ? Math.min(tile.width / 6.2, tile.height / 2.7, 19 * screen.scale) : tile.width / 5.6;
  const numberSize =
    level === 'L' ? nameSize * 1.16
    : level === 'M' ? Math.min(nameSize * 1.2, tile.height / 2.2)
    : Math.min(tile.height * 0.66, tile.width / 2.3);
  return { width: screen.width, height, across, tile, gap: m.gap, head: m.head, level, nameSize, numberSize, groups };
}

function levelOf(tile: Box, scale: number): Level {
  if (tile.width >= 84 && tile.height >= 38) return 'L';
  // A name has to be read from where one stands: 9 px at a desk, more on a panel that is looked at from further away.
  if (tile.width / 5.6 >= 9 * Math.max(1, scale * 0.8) && tile.height >= 22) return 'M';
  return tile.width >= 21 && tile.height >= 13 ? 'S' : 'XS';
}
