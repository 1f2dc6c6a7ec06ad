import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Unit, UnitList } from './types.ts';
import { childrenOf } from './units.ts';

/** A line of the tree as it is opened now: a unit, or the offer to load the rest of a long list. */
export type TreeRow =
  | { kind: 'unit'; key: string; unit: Unit; level: number; place: number; of: number }
  | { kind: 'more'; key: string; parent: string; level: number; left: number }
  | { kind: 'loading'; key: string; level: number };

/** The organisation's tree, read as it is opened. The roots stand under the parent ''. */
export class UnitTree {
  error = $state.raw<unknown>(null);
  readonly expanded = new SvelteSet<string>();
  #lists = new SvelteMap<string, UnitList>();
  #asking = new Set<string>();

  readonly rows: TreeRow[] = $derived(this.#flatten('', 0));

  get ready(): boolean {
    return this.#lists.has('');
  }

  get empty(): boolean {
    return this.#lists.get('')?.total === 0;
  }

  /** Reads the roots anew and forgets the rest; a single root is opened at once, it says nothing by itself. */
  async load(): Promise<void> {
    this.#lists.clear();
    this.expanded.clear();
    await this.#read('', 0);
    const roots = this.#lists.get('')?.units ?? [];
    if (roots.length === 1 && roots[0]) await this.open(roots[0]);
  }

  async open(unit: Unit): Promise<void> {
    if (unit.children === 0) return;
    this.expanded.add(unit.code);
    if (!this.#lists.has(unit.code)) await this.#read(unit.code, 0);
  }

  close(unit: Unit): void {
    this.expanded.delete(unit.code);
  }

  more(parent: string): Promise<void> {
    return this.#read(parent, this.#lists.get(parent)?.units.length ?? 0);
  }

  /** Puts a changed unit in the place of the one that is shown. */
  replace(unit: Unit): void {
    for (const [parent, list] of this.#lists) {
      const at = list.units.findIndex((one) => one.code === unit.code);
      if (at >= 0) this.#lists.set(parent, { ...list, units: list.units.with(at, unit) });
    }
  }

  async #read(parent: string, offset: number): Promise<void> {
    if (this.#asking.has(parent)) return;
    this.#asking.add(parent);
    this.error = null;
    try {
      const answer = await childrenOf(parent, offset);
      const before = offset > 0 ? (this.#lists.get(parent)?.units ?? []) : [];
      this.#lists.set(parent, { units: [...before, ...answer.units], total: answer.total });
    } catch (cause) {
      this.error = cause;
      this.expanded.delete(parent);
    } finally {
      this.#asking.delete(parent);
    }
  }

  #flatten(parent: string, level: number): TreeRow[] {
    const list = this.#lists.get(parent);
    if (!list) return [{ kind: 'loading', key: `…${parent}`, level }];
    const rows = list.units.flatMap((unit, index): TreeRow[] => [
      { kind: 'unit', key: unit.code, unit, level, place: index + 1, of: list.total },
      ...(this.expanded.has(unit.code) ? this.#flatten(unit.code, level + 1) : []),
    ]);
    const left = list.total - list.units.length;
    return left > 0 ? [...rows, { kind: 'more', key: `+${parent}`, parent, level, left }] : rows;
  }
}
