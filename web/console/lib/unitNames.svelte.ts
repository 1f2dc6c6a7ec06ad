import { SvelteMap } from 'svelte/reactivity';
import { findUnits } from './units.ts';

/** Names of units by their code, for places that are told the code alone. Each is asked for once. */
class UnitNames {
  #names = new SvelteMap<string, string>();
  #asked = new Set<string>();

  /** The name, or the code until it is known. */
  of(code: string): string {
    return this.#names.get(code) ?? code;
  }

  want(codes: Iterable<string | null>): void {
    for (const code of codes) {
      if (code === null || this.#asked.has(code)) continue;
      this.#asked.add(code);
      findUnits(code, 20).then(
        ({ units }) => {
          const unit = units.find((one) => one.code === code);
          if (unit) this.#names.set(code, unit.name);
        },
        () => this.#asked.delete(code), // the code stands in its place, and the next page asks again
      );
    }
  }
}

export const unitNames = new UnitNames();
