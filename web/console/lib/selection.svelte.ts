/** Which points are ticked. A plain set behind one counter: ticking 40,000 at once must not cost 40,000 signals. */
export class Selection {
  #ids = new Set<number>();
  #version = $state(0);
  #anchor = -1;

  get size(): number {
    void this.#version;
    return this.#ids.size;
  }

  get ids(): number[] {
    void this.#version;
    return [...this.#ids];
  }

  has(id: number): boolean {
    void this.#version;
    return this.#ids.has(id);
  }

  /** Ticks or unticks one; with `range` everything between it and the one before takes its new state. */
  toggle(index: number, order: readonly number[], range: boolean): void {
    const id = order[index];
    if (id === undefined) return;
    const on = !this.#ids.has(id);
    const from = range && this.#anchor >= 0 ? Math.min(this.#anchor, index) : index;
    const end = range && this.#anchor >= 0 ? Math.max(this.#anchor, index) : index;
    for (const one of order.slice(from, end + 1)) {
      if (on) this.#ids.add(one);
      else this.#ids.delete(one);
    }
    this.#anchor = index;
    this.#version += 1;
  }

  set(ids: Iterable<number>): void {
    this.#ids = new Set(ids);
    this.#anchor = -1;
    this.#version += 1;
  }

  clear(): void {
    this.set([]);
  }

  /** Forgets what is no longer there. */
  keep(there: (id: number) => boolean): void {
    const kept = [...this.#ids].filter(there);
    if (kept.length !== this.#ids.size) this.set(kept);
  }
}
