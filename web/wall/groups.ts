/** The tree of units as the wall uses it: groups of the mosaic, what lies below a unit, and the way up. Pure. */
import type { PointInfo, UnitView } from '../wire/socket.ts';

export interface Group {
  code: string;
  name: string;
  points: number[];
}

export class Tree {
  readonly units: readonly UnitView[];
  readonly #byCode: Map<string, UnitView>;
  readonly #place: Map<string, number>;
  readonly #children = new Map<string | null, UnitView[]>();

  /** `units` in the official order. A unit whose parent is not among them stands at the top. */
  constructor(units: readonly UnitView[]) {
    this.units = units;
    this.#byCode = new Map(units.map((unit) => [unit.code, unit]));
    this.#place = new Map(units.map((unit, index) => [unit.code, index]));
    for (const unit of units) {
      const parent = this.parent(unit.code)?.code ?? null;
      const siblings = this.#children.get(parent);
      if (siblings) siblings.push(unit);
      else this.#children.set(parent, [unit]);
    }
  }

  get(code: string): UnitView | undefined {
    return this.#byCode.get(code);
  }

  parent(code: string): UnitView | undefined {
    const above = this.#byCode.get(code)?.parent;
    return above ? this.#byCode.get(above) : undefined;
  }

  children(code: string | null): readonly UnitView[] {
    return this.#children.get(code) ?? [];
  }

  /** Units with others below them: the groups; the others would only repeat their rooms. */
  leads(code: string): boolean {
    return this.#children.has(code);
  }

  /** From the top down to `code`. */
  path(code: string): UnitView[] {
    const way: UnitView[] = [];
    for (let unit = this.get(code); unit; unit = this.parent(unit.code)) way.unshift(unit);
    return way;
  }

  under(code: string, top: string): boolean {
    for (let unit = this.get(code); unit; unit = this.parent(unit.code)) if (unit.code === top) return true;
    return code === top;
  }

  /** Depth of the deepest unit that leads others; the top is 0, and -1 means that there is none. */
  get depth(): number {
    return Math.max(-1, ...this.units.filter((unit) => this.leads(unit.code)).map((unit) => this.path(unit.code).length - 1));
  }

  /**
   * The unit a point is shown under: its own when that leads others (the district's room stands first among its
   * communes), the one above otherwise. Inside a unit without others below, that unit itself.
   */
  groupOf(unit: string, top: string | null): string {
    if (unit === top || this.leads(unit)) return unit;
    return this.parent(unit)?.code ?? unit;
  }

  /** Official order: by unit, then in the order the rooms were given. */
  compare(a: PointInfo, b: PointInfo): number {
    const last = this.units.length;
    return (this.#place.get(a.unit) ?? last) - (this.#place.get(b.unit) ?? last) || a.id - b.id;
  }

  /** Every point under `top` (`null`: all) in groups, groups and points in the official order. */
  groups(infos: Iterable<PointInfo>, top: string | null): Group[] {
    const found = new Map<string, PointInfo[]>();
    for (const info of infos) {
      if (top !== null && !this.under(info.unit, top)) continue;
      const code = this.groupOf(info.unit, top);
      const points = found.get(code);
      if (points) points.push(info);
      else found.set(code, [info]);
    }
    const last = this.units.length;
    return [...found]
      .sort(([a], [b]) => (this.#place.get(a) ?? last) - (this.#place.get(b) ?? last))
      .map(([code, points]) => ({
        code,
        name: this.get(code)?.short ?? code,
        points: points.sort((a, b) => this.compare(a, b)).map((info) => info.id),
      }));
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
