/**
 * Of several tabs of one room one sends: the one in front of a person. A tab that comes to the front takes the
 * lock from whoever holds it, because a phone may have frozen the holder; the others queue behind it. Where the
 * browser has no locks (plain http) every tab leads, and the server tells the doubles by their ids.
 */
export class Leader {
  #locks: LockManager | undefined;
  #name: string;
  #changed: (leads: boolean) => void;
  #round = 0;

  constructor(locks: LockManager | undefined, name: string, changed: (leads: boolean) => void) {
    this.#locks = locks;
    this.#name = name;
    this.#changed = changed;
    changed(!locks);
  }

  /** This tab is in front: it leads now. */
  claim(): void {
    this.#request({ steal: true });
  }

  /** Leads when nobody else does any more. */
  queue(): void {
    this.#request({});
  }

  #request(options: LockOptions): void {
    if (!this.#locks) return;
    const round = ++this.#round;
    const held = this.#locks.request(this.#name, options, () => {
      if (round !== this.#round) return undefined; // a later request of this tab has replaced this one
      this.#changed(true);
      return new Promise<void>(() => {}); // kept until the tab ends or another one takes it
    });
    held.catch(() => {
      if (round !== this.#round) return;
      this.#changed(false);
      this.queue();
    });
  }
}
