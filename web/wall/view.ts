/** What part of the wall is looked at, and how it stands in the address, so that a view can be sent to a colleague. Pure. */
import { STATUSES, type Status } from '../wire/socket.ts';

export const MODES = ['mosaic', 'cards', 'groups', 'table', 'watch'] as const;
export type Mode = (typeof MODES)[number];

/** What may be kept lit: statuses, and headcounts that are doubtful whatever the status. */
export const FILTERS = [...STATUSES, 'odd'] as const;
export type Filter = (typeof FILTERS)[number];

/** The table's columns, as they stand. */
export const SHOWN = [
  'status', 'point', 'group', 'people', 'expected', 'share', 'excused', 'unexcused', 'scans', 'opens', 'devices', 'since',
  'change',
] as const;
/** What it may be sorted by; `order` is the official one, which has no column. */
export const COLUMNS = ['order', ...SHOWN] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  by: Column;
  down: boolean;
}

export interface View {
  /** `null`: what suits the screen and the number of points. */
  mode: Mode | null;
  /** What is kept lit, anything of it; empty: all. */
  filter: readonly Filter[];
  q: string;
  unit: string | null;
  point: number | null;
  sort: Sort;
}

export const OFFICIAL: Sort = { by: 'order', down: false };
export const PLAIN: View = { mode: null, filter: [], q: '', unit: null, point: null, sort: OFFICIAL };

const known = <T extends string>(values: readonly T[], text: string | null): T | null =>
  values.find((value) => value === text) ?? null;

/** Anything the address says that means nothing here is left aside. */
export function readView(search: string): View {
  const asked = new URLSearchParams(search);
  const point = Number(asked.get('point'));
  const sort = asked.get('sort') ?? '';
  const by = known(COLUMNS, sort.replace(/^-/, ''));
  const filter = (asked.get('filter') ?? '').split(',');
  return {
    mode: known(MODES, asked.get('mode')),
    filter: FILTERS.filter((one) => filter.includes(one)),
    q: asked.get('q') ?? '',
    unit: asked.get('unit') || null,
    point: Number.isSafeInteger(point) && point > 0 ? point : null,
    sort: by ? { by, down: sort.startsWith('-') } : OFFICIAL,
  };
}

/** The query of an address with its "?", or nothing for the plain view. */
export function writeView(view: View): string {
  const said = new URLSearchParams();
  if (view.mode) said.set('mode', view.mode);
  if (view.unit) said.set('unit', view.unit);
  if (view.filter.length > 0) said.set('filter', view.filter.join(','));
  if (view.q) said.set('q', view.q);
  if (view.point) said.set('point', String(view.point));
  if (view.sort.by !== 'order' || view.sort.down) said.set('sort', (view.sort.down ? '-' : '') + view.sort.by);
  const text = said.toString().replaceAll('%2C', ',');
  return text ? `?${text}` : '';
}

/** Whether a filter keeps a room of this status lit. */
export const keeps = (filter: readonly Filter[], status: Status, odd: boolean): boolean =>
  filter.length === 0 || filter.includes(status) || (odd && filter.includes('odd'));

/** The status after (`step` 1) or before (-1) the one that is filtered for; beyond the ends lies "no filter". */
export function cycleFilter(filter: readonly Filter[], present: readonly Filter[], step: 1 | -1): Filter[] {
  const stops: (Filter | null)[] = [null, ...present];
  const at = filter.length === 1 ? stops.indexOf(filter[0] ?? null) : 0;
  const next = stops[(Math.max(0, at) + step + stops.length) % stops.length];
  return next ? [next] : [];
}

export const toggled = (filter: readonly Filter[], turned: Filter): Filter[] =>
  FILTERS.filter((one) => (one === turned ? !filter.includes(one) : filter.includes(one)));

/** The conference or the kiosk's token out of the page's path: `/wall/{conference}` or `/k/{token}`. */
export function readPath(path: string): { conference: string; token: string | null } | null {
  const wall = /^\/wall\/([^/]+)\/?$/.exec(path);
  if (wall?.[1]) return { conference: decodeURIComponent(wall[1]), token: null };
  const kiosk = /^\/k\/([^/]+)\/?$/.exec(path);
  return kiosk?.[1] ? { conference: '', token: decodeURIComponent(kiosk[1]) } : null;
}
