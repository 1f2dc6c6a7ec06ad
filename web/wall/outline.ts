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
  readonly #points = new Map<string, number[]>();

  constructor(tree: Tree, infos: Iterable<PointInfo>) {
    this.#tree = tree;
    for (const group of tree.groups(infos, null)) this.#points.set(group.code, group.points);
  }

  /** The codes that must be open for units down to `depth` to be seen; beyond the deepest, rooms are seen too. */
  openTo(depth: number): Set<string> {
    const codes = this.#tree.units.filter((unit) => this.#tree.leads(unit.code) && this.#tree.path(unit.code).length <= depth);
    return new Set(codes.map((unit) => unit.code));
  }

  lines(view: OutlineView): OutlineLine[] {
    const lines: OutlineLine[] = [];
    const tops = view.top === null ? this.#tree.children(null).map((unit) => unit.code) : [view.top];
    for (const code of tops) this.#unit(code, 0, view, lines);
    return lines;
  }

  #unit(code: string, depth: number, view: OutlineView, lines: OutlineLine[]): void {
    const rooms = (this.#points.get(code) ?? []).filter((id) => view.only?.has(id) ?? true);
    const below = this.#tree.children(code).filter((unit) => this.#tree.leads(unit.code));
    if (view.only && !this.#holds(code, view.only)) return;
    if (rooms.length === 0 && below.length === 0) return;
    const open = view.open.has(code);
    lines.push({ key: `u${code}`, kind: 'unit', code, depth, open });
    if (!open) return;
    for (const id of rooms) lines.push({ key: `p${id}`, kind: 'point', id, depth: depth + 1 });
    for (const unit of below) this.#unit(unit.code, depth + 1, view, lines);
  }

  #holds(code: string, only: ReadonlySet<number>): boolean {
    if (this.#points.get(code)?.some((id) => only.has(id))) return true;
    return this.#tree.children(code).some((unit) => this.#holds(unit.code, only));
  }
}
