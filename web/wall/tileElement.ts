/** One tile's elements, made once and patched: only texts and classes that differ are touched. */
import type { PointRow, Status } from '../wire/socket.ts';
import type { Plan } from './layout.ts';
import { drawing, element } from './marks.ts';
import type { Face } from './tile.ts';

const NOTHING: Face = { number: '', small: '', fill: null, mark: false };
const LEAST_ICON = 9; // px; a lower tile shows its status by colour and edge alone

export class TileElement {
  readonly id: number;
  /** Index of its group. */
  readonly group: number;
  readonly el = element('button', 't');
  /** The name before it was cut to fit. */
  label = '';
  changeSeq = 0;
  readonly #number = new Text();
  readonly #name: HTMLElement | null = null;
  readonly #line: HTMLElement | null = null;
  readonly #small: HTMLElement | null = null;
  readonly #bar: HTMLElement | null = null;
  #icon: Element | null = null;
  #status: Status | null = null;
  #odd = false;
  #shown: Face = NOTHING;

  constructor(id: number, group: number, on: Plan) {
    this.id = id;
    this.group = group;
    this.el.type = 'button';
    this.el.dataset['id'] = String(id);
    if (on.level === 'XS') {
      if (on.tile.height >= LEAST_ICON) this.#line = this.el;
      return;
    }
    if (on.level === 'S') {
      this.#line = this.el;
      this.el.append(this.#number);
      return;
    }
    const figures = element('span', 'num');
    figures.append(this.#number);
    this.#name = element('b', '');
    this.#line = element('span', 'row');
    this.#line.append(figures);
    this.el.append(this.#name, this.#line);
    if (on.level !== 'L') return;
    this.#small = element('small', '');
    this.#bar = element('i', '');
    figures.append(this.#small);
    this.el.append(this.#bar);
  }

  get status(): Status | null {
    return this.#status;
  }

  get odd(): boolean {
    return this.#odd;
  }

  /** Whether its headcount is doubtful. */
  doubt(odd: boolean): void {
    if (odd === this.#odd) return;
    this.#odd = odd;
    this.el.classList.toggle('odd', odd);
  }

  get off(): boolean {
    return this.el.classList.contains('off');
  }

  /** `cut`: the name does not fit, the tile has to clip it. */
  name(text: string, cut: boolean): void {
    if (!this.#name) return;
    this.#name.textContent = text;
    this.#name.classList.toggle('cut', cut);
  }

  show(row: PointRow, next: Face, label: string): void {
    if (this.#status !== row.status) {
      if (this.#status) this.el.classList.remove(this.#status);
      this.el.classList.add(row.status);
      this.#icon?.remove();
      this.#icon = null;
      this.#status = row.status;
    }
    if (next.mark && !this.#icon && this.#line) {
      this.#icon = drawing(row.status);
      this.#line.prepend(this.#icon);
    }
    if (this.el.ariaLabel !== label) this.el.ariaLabel = label;
    this.write(next);
  }

  write(next: Face): void {
    const before = this.#shown;
    this.#shown = next;
    if (next.number !== before.number) this.#number.data = next.number;
    if (this.#small && next.small !== before.small) this.#small.textContent = next.small;
    if (this.#bar && next.fill !== before.fill) this.#bar.style.width = `${next.fill ?? 0}%`;
  }
}
