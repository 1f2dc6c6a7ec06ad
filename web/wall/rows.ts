/**
 * A long list of equal rows of which only those in sight are elements. Keyed: a row in sight keeps its element while its
 * key stays in sight, and a change rewrites that row alone. The table and the tree of units share it.
 */

export type Key = string | number;

export interface RowKind<K extends Key> {
  /** Height of every row, in px. */
  height: number;
  make: () => HTMLElement;
  /** Fills in a row; called again whenever the key's values changed. */
  write: (row: HTMLElement, key: K) => void;
}

const MARGIN = 6; // rows kept ready above and below, so that a slow scroll never shows a gap

export class Rows<K extends Key> {
  readonly #view: HTMLElement;
  readonly #space: HTMLElement;
  #kind: RowKind<K>;
  #keys: readonly K[] = [];
  #places = new Map<K, number>();
  #shown = new Map<K, HTMLElement>();
  #stop: K | null = null;
  readonly #onScroll = () => this.#draw();
  readonly #resized = new ResizeObserver(() => this.#draw());

  constructor(view: HTMLElement, kind: RowKind<K>) {
    this.#view = view;
    this.#kind = kind;
    this.#space = document.createElement('div');
    this.#space.className = 'rows';
    view.replaceChildren(this.#space);
    view.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#resized.observe(view);
  }

  get keys(): readonly K[] {
    return this.#keys;
  }

  get stop(): K | null {
    return this.#stop;
  }

  /** Another height, or rows that are built differently. */
  restyle(kind: RowKind<K>): void {
    this.#kind = kind;
    for (const row of this.#shown.values()) row.remove();
    this.#shown.clear();
    this.set(this.#keys);
  }

  set(keys: readonly K[]): void {
    this.#keys = keys;
    this.#places = new Map(keys.map((key, index) => [key, index]));
    if (this.#stop === null || !this.#places.has(this.#stop)) this.#stop = keys[0] ?? null;
    this.#space.style.height = `${keys.length * this.#kind.height}px`;
    this.#view.closest('[role$=grid]')?.setAttribute('aria-rowcount', String(keys.length + 1));
    this.#draw();
  }

  patch(keys: Iterable<K>): void {
    for (const key of keys) {
      const row = this.#shown.get(key);
      if (row) this.#kind.write(row, key);
    }
  }

  refresh(): void {
    this.patch(this.#shown.keys());
  }

  keyAt(target: EventTarget | null): K | null {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
    const index = Number(row?.getAttribute('aria-rowindex') ?? 0) - 2;
    return this.#keys[index] ?? null;
  }

  /** Moves the tab stop by so many rows and shows it. */
  move(by: number): void {
    const at = this.#stop === null ? -1 : (this.#places.get(this.#stop) ?? -1);
    const next = this.#keys[Math.min(this.#keys.length - 1, Math.max(0, at + by))];
    if (next !== undefined) this.focus(next);
  }

  focus(key: K): void {
    const index = this.#places.get(key);
    if (index === undefined) return;
    const before = this.#stop === null ? undefined : this.#shown.get(this.#stop);
    if (before) before.tabIndex = -1;
    this.#stop = key;
    const { height } = this.#kind;
    const { scrollTop, clientHeight } = this.#view;
    if (index * height < scrollTop) this.#view.scrollTop = index * height;
    else if ((index + 1) * height > scrollTop + clientHeight) this.#view.scrollTop = (index + 1) * height - clientHeight;
    this.#draw();
    const row = this.#shown.get(key);
    if (row) {
      row.tabIndex = 0;
      row.focus({ preventScroll: true });
    }
  }

  /** Rows that fit into the view. */
  get page(): number {
    return Math.max(1, Math.floor(this.#view.clientHeight / this.#kind.height) - 1);
  }

  end(): void {
    this.#view.removeEventListener('scroll', this.#onScroll);
    this.#resized.disconnect();
  }

  #draw(): void {
    const { height } = this.#kind;
    const first = Math.max(0, Math.floor(this.#view.scrollTop / height) - MARGIN);
    const last = Math.min(this.#keys.length, Math.ceil((this.#view.scrollTop + this.#view.clientHeight) / height) + MARGIN);
    const wanted = this.#keys.slice(first, last);
    const staying = new Set(wanted);
    for (const [key, row] of this.#shown) {
      // Who stands on a row keeps it while he scrolls, but not when it is no longer listed: it would cover another.
      if (staying.has(key) || (row === document.activeElement && this.#places.has(key))) continue;
      row.remove();
      this.#shown.delete(key);
    }
    wanted.forEach((key, i) => this.#put(key, first + i));
  }

  #put(key: K, index: number): void {
    let row = this.#shown.get(key);
    if (!row) {
      row = this.#kind.make();
      row.dataset['row'] = '';
      row.setAttribute('role', 'row');
      row.tabIndex = key === this.#stop ? 0 : -1;
      this.#kind.write(row, key);
      this.#shown.set(key, row);
      this.#space.append(row);
    }
    const place = String(index + 2);
    if (row.getAttribute('aria-rowindex') === place) return;
    row.setAttribute('aria-rowindex', place);
    row.style.transform = `translateY(${index * this.#kind.height}px)`;
  }
}

/** Writes a text only where it differs, into the node that is there: what is set again is laid out and collected again. */
export function write(el: Element | null | undefined, text: string): void {
  if (!el) return;
  const node = el.firstChild;
  if (!(node instanceof Text) || node.nextSibling) {
    if (el.textContent !== text) el.textContent = text;
  } else if (node.data !== text) {
    node.data = text;
  }
}
