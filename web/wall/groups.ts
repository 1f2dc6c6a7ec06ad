/** The tree of units as the wall uses it: groups of the mosaic, what lies below a unit, and the way up. Pure. */
import type { PointInfo, UnitView } from '../wire/socket.ts';

export interface Group {
  code: string;
  name: string;
  points: number[];
}

/** A unit in its place; made once, because 37,000 points ask for their way up again and again. */
interface Node {
  unit: UnitView;
  /** In the official order. */
  place: number;
  above: Node | null;
  depth: number;
  /** All that lies below has numbers between its own and `last`: asked of 37,000 points at every step into a unit. */
  number: number;
  last: number;
  /** `null`: it leads nobody, as nearly all do. */
  below: UnitView[] | null;
}

export class Tree {
  readonly units: readonly UnitView[];
  /** Units with others below them, in the official order: the groups; the others would only repeat their rooms. */
  readonly leaders: readonly UnitView[];
  readonly #nodes = new Map<string, Node>();
  readonly #tops: UnitView[] = [];

  /** `units` in the official order. A unit whose parent is not among them stands at the top. */
  constructor(units: readonly UnitView[]) {
    this.units = units;
    units.forEach((unit, place) => this.#nodes.set(unit.code, { unit, place, above: null, depth: -1, number: 0, last: 0, below: null }));
    for (const node of this.#nodes.values()) {
      node.above = (node.unit.parent && this.#nodes.get(node.unit.parent)) || null;
      if (node.above) (node.above.below ??= []).push(node.unit);
      else this.#tops.push(node.unit);
    }
    let next = 0;
    const number = (unit: UnitView, depth: number): number => {
      const node = this.#nodes.get(unit.code)!;
      node.depth = depth;
      node.number = next++;
      for (const below of node.below ?? []) number(below, depth + 1);
      return (node.last = next - 1);
    };
    for (const top of this.#tops) number(top, 0);
    this.leaders = units.filter((unit) => this.leads(unit.code));
  }

  get(code: string): UnitView | undefined {
    return this.#nodes.get(code)?.unit;
  }

  parent(code: string): UnitView | undefined {
    return this.#nodes.get(code)?.above?.unit;
  }

  /** What a room with its full name belongs to: the unit above its own, as in the downloaded table and on printed sheets. */
  above(unit: string): string {
    return this.parent(unit)?.short ?? '';
  }

  children(code: string | null): readonly UnitView[] {
    return code === null ? this.#tops : (this.#nodes.get(code)?.below ?? []);
  }

  leads(code: string): boolean {
    return (this.#nodes.get(code)?.below ?? null) !== null;
  }

  /** From the top down to `code`. */
  path(code: string): UnitView[] {
    const way: UnitView[] = [];
    for (let node = this.#nodes.get(code) ?? null; node; node = node.above) way.unshift(node.unit);
    return way;
  }

  under(code: string, top: string): boolean {
    const [node, over] = [this.#nodes.get(code), this.#nodes.get(top)];
    return code === top || (!!node && !!over && node.number >= over.number && node.number <= over.last);
  }

  /** How deep a unit stands; the top is 0, and -1 means that it is not here. */
  level(code: string): number {
    return this.#nodes.get(code)?.depth ?? -1;
  }

  /** Depth of the deepest unit that leads others; the top is 0, and -1 means that there is none. */
  get depth(): number {
    return this.leaders.reduce((deepest, unit) => Math.max(deepest, this.level(unit.code)), -1);
  }

  /**
   * The unit a point is shown under: its own when that leads others (the district's room stands first among its
   * communes), the one above otherwise. Inside a unit without others below, that unit itself.
   */
  groupOf(unit: string, top: string | null): string {
    if (unit === top || this.leads(unit)) return unit;
    return this.parent(unit)?.code ?? unit;
  }

  /** The official order: by unit, then in the order the rooms were given; rooms of units that are not here come last. */
  ordered(infos: Iterable<PointInfo>): PointInfo[] {
    const rooms = new Map<string, PointInfo[]>();
    const strays: PointInfo[] = [];
    for (const info of infos) {
      const beside = this.#nodes.has(info.unit) ? gather(rooms, info.unit) : strays;
      beside.push(info);
    }
    const byId = (list: PointInfo[]) => (list.length > 1 ? list.sort((a, b) => a.id - b.id) : list);
    return [...this.units.flatMap((unit) => byId(rooms.get(unit.code) ?? [])), ...byId(strays)];
  }

  /** All points under `top` (`null`: of the whole), in the official order, as groups in that order too. */
  groups(infos: Iterable<PointInfo>, top: string | null): Group[] {
    const found = new Map<string, number[]>();
    for (const info of infos) gather(found, this.groupOf(info.unit, top)).push(info.id);
    const place = (code: string) => this.#nodes.get(code)?.place ?? this.units.length;
    return [...found]
      .sort(([a], [b]) => place(a) - place(b))
      .map(([code, points]) => ({ code, name: this.get(code)?.short ?? code, points }));
  }

  /**
   * Names for tiles of one group: where two units share a short name, the one that leads the others is named in full
   * ("Huyện Ba Vì" beside its commune "Ba Vì"), and a kind of more than one word gives its initials ("TT Phùng").
   */
  labels(points: readonly PointInfo[]): Map<number, string> {
    const twins = new Map<string, Set<string>>();
    for (const info of points) twins.set(info.short, (twins.get(info.short) ?? new Set()).add(info.unit));
    return new Map(
      points.map((info) => {
        const unit = this.get(info.unit);
        if (!unit || (twins.get(info.short)?.size ?? 0) < 2) return [info.id, info.short];
        if (this.leads(unit.code)) return [info.id, info.short.replace(unit.short, unit.name)];
        const initials = unit.kind.split(' ').map((word) => [...word][0]?.toUpperCase() ?? '').join('');
        return [info.id, initials.length > 1 ? `${initials} ${info.short}` : info.short];
      }),
    );
  }
}

function gather<K, V>(into: Map<K, V[]>, key: K): V[] {
  let list = into.get(key);
  if (!list) into.set(key, (list = []));
  return list;
}
