/** How the wall spreads its work, so that a country in motion never holds the page. */

export const SLICE = 8; // ms of work before the browser may draw and answer again
/** ms between two states of what follows every change: nobody reads faster, and in a country in motion every frame changes all of it. */
export const READ = 500;

/** Lets the browser draw and answer before going on. */
export function breath(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}

/** Runs `work` at once, and then at most every `gap` ms however often it is asked; the last asking is never left out. */
export class Pace {
  readonly #gap: number;
  readonly #work: () => void;
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(gap: number, work: () => void) {
    this.#gap = gap;
    this.#work = work;
  }

  ask(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#next - performance.now();
    if (wait <= 0) this.#run();
    else this.#timer = setTimeout(() => this.#run(), wait);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    this.end();
    this.#next = performance.now() + this.#gap;
    this.#work();
  }
}
