/** The rooms' small pictures: asked for where somebody sees them, few at a time, each version once. Pure but for its timing. */

/** A browser opens six lines to one server; the wall's own requests and the live pictures are to find one free. */
export const AT_ONCE = 4;
/** More than any screen shows at once; at 24 kB each they take 10 MB. */
export const KEPT = 400;

interface Wanted {
  id: number;
  version: number;
  tell: (address: string | null) => void;
}

export interface PictureSource {
  /** The address of what was loaded; rejects when there is none. */
  load: (id: number, version: number) => Promise<string>;
  /** An address that is not used any more. */
  drop: (address: string) => void;
}

export class Pictures {
  readonly #source: PictureSource;
  /** In the order they were asked for. */
  readonly #waiting = new Set<Wanted>();
  /** The latest used last. */
  readonly #kept = new Map<number, { version: number; address: string }>();
  #running = 0;

  constructor(source: PictureSource) {
    this.#source = source;
  }

  /**
   * Tells the picture there is at once, and the one of this version as soon as it is here; null when there is none.
   * `version` 0: the room shows none. Returns how to say that nobody sees it any more.
   */
  show(id: number, version: number, tell: Wanted['tell']): () => void {
    if (version === 0) {
      tell(null);
      return () => {};
    }
    const kept = this.#kept.get(id);
    if (kept) {
      this.#kept.delete(id);
      this.#kept.set(id, kept);
      tell(kept.address);
    }
    if (kept?.version === version) return () => {};
    const wanted = { id, version, tell };
    this.#waiting.add(wanted);
    this.#next();
    return () => {
      wanted.tell = () => {};
      this.#waiting.delete(wanted);
    };
  }

  #next(): void {
    for (const wanted of this.#waiting) {
      if (this.#running >= AT_ONCE) return;
      this.#waiting.delete(wanted);
      void this.#load(wanted);
    }
  }

  async #load(wanted: Wanted): Promise<void> {
    this.#running += 1;
    try {
      const address = await this.#source.load(wanted.id, wanted.version);
      this.#keep(wanted, address);
      wanted.tell(address);
    } catch {
      wanted.tell(null); // taken away meanwhile, or no line: the next version is asked for again
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  #keep({ id, version }: Wanted, address: string): void {
    const before = this.#kept.get(id);
    if (before) this.#source.drop(before.address);
    this.#kept.delete(id);
    this.#kept.set(id, { version, address });
    const [oldest] = this.#kept;
    if (this.#kept.size <= KEPT || !oldest) return;
    this.#kept.delete(oldest[0]);
    this.#source.drop(oldest[1].address);
  }
}
