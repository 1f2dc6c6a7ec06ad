/** A change glows once, for a second and a half. */

const LASTS = 1_500; // ms
// The glow fades in steps, as often as frames come: an animation would draw the whole wall sixty times a second.
const STEP = 100; // ms
const MOST = 24; // at once; beyond that a glow points nowhere

export class Glow {
  /** When each began. */
  readonly #began = new Map<HTMLElement, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Grave changes always glow, the others while there is room. */
  light(el: HTMLElement, grave: boolean): void {
    if (this.#began.has(el) || (!grave && this.#began.size >= MOST)) return;
    this.#began.set(el, performance.now());
    el.classList.add('fresh');
    el.style.setProperty('--lit', '1');
    this.#timer ??= setInterval(() => this.#fade(), STEP);
  }

  end(): void {
    this.#began.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #fade(): void {
    const now = performance.now();
    for (const [el, began] of this.#began) {
      const left = 1 - (now - began) / LASTS;
      if (left > 0) {
        el.style.setProperty('--lit', (left * left).toFixed(2));
        continue;
      }
      this.#began.delete(el);
      el.classList.remove('fresh');
    }
    if (this.#began.size === 0) this.end();
  }
}
