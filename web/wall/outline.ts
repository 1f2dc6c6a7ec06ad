/** The tree of units as lines: units that lead others, and under an open one its rooms. Pure. */
import type { PointInfo } from '../wire/socket.ts';
import type { Tree } from './groups.ts';

export interface UnitLine {
  key: string;
  kind: 'unit';
  code: string;
  depth: number;
  open: boolean;
}

export interface PointLine {
  key: string;
  kind: 'point';
  id: number;
  depth: number;
}

export type OutlineLine = UnitLine | PointLine;

export interface OutlineView {
  /** `null`: the whole tree. */
  top: string | null;
  open: ReadonlySet<string>;
  /** Rooms to list; `null`: all. Units without any are left out. */
  only: ReadonlySet<number> | null;
}

export class Outline {
  readonly #tree: Tree;
  /** By the unit they are listed under. */
  readonly #points: ReadonlyMap<string, number[]>;

  constructor(tree: Tree, infos: Iterable<PointInfo>) {
    this.#tree = tree;
    this.#points = new Map(tree.groups(infos, null).map((group) => [group.code, group.points]));
  }

  /** The codes that must be open for units down to `depth` to be seen; beyond the deepest, rooms are seen too. */
  openTo(depth: number): Set<string> {
    return new Set(this.#tree.leaders.map((unit) => unit.code).filter((code) => this.#tree.level(code) < depth));
  }

  lines(view: OutlineView): OutlineLine[] {
    const lines: OutlineLine[] = [];
    const tops = view.top === null ? this.#tree.children(null).map((unit) => unit.code) : [view.top];
    const holding = view.only && this.#holding(view.only);
    for (const code of tops) this.#unit(code, 0, view, holding, lines);
    return lines;
  }

  #unit(code: string, depth: number, view: OutlineView, holding: ReadonlySet<string> | null, lines: OutlineLine[]): void {
    if (holding && !holding.has(code)) return;
    const rooms = this.#points.get(code) ?? [];
    const below = this.#tree.children(code);
    if (rooms.length === 0 && !below.some((unit) => this.#tree.leads(unit.code))) return;
    const open = view.open.has(code);
    lines.push({ key: `u${code}`, kind: 'unit', code, depth, open });
    if (!open) return;
    for (const id of rooms) {
      if (view.only?.has(id) ?? true) lines.push({ key: `p${id}`, kind: 'point', id, depth: depth + 1 });
    }
    for (const unit of below) if (this.#tree.leads(unit.code)) this.#unit(unit.code, depth + 1, view, holding, lines);
  }

  /** The units that hold any of these points, however deep. */
  #holding(only: ReadonlySet<number>): Set<string> {
    const codes = new Set<string>();
    for (const [group, points] of this.#points) {
      if (!points.some((id) => only.has(id))) continue;
      for (let code: string | undefined = group; code !== undefined && !codes.has(code); code = this.#tree.parent(code)?.code) {
        codes.add(code);
      }
    }
    return codes;
  }
}
