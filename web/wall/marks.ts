/** The status drawings as nodes to copy: tiles and rows take a clone, which costs less than parsing a text each time. */
import { icons } from '../shared/icons.ts';
import type { Status } from '../wire/socket.ts';
import { AIR_ICONS, type Air } from './air.ts';
import type { Texts } from './texts/vi.ts';

const SVG = 'http://www.w3.org/2000/svg';
const drawn = new Map<Drawn, SVGSVGElement>();
type Drawn = Status | 'odd' | 'air' | 'clock';

export function drawing(status: Drawn): SVGSVGElement {
  let svg = drawn.get(status);
  if (!svg) {
    svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('class', 'i');
    svg.innerHTML = icons[status];
    drawn.set(status, svg);
  }
  return svg.cloneNode(true) as SVGSVGElement;
}

/** A status as one mark: colour, edge and drawing together. */
export function mark(status: Status | 'odd'): HTMLSpanElement {
  const span = document.createElement('span');
  span.className = `mark ${status}`;
  span.append(drawing(status));
  return span;
}

/** The word for a doubtful headcount, last in a cell: there, or not there. */
export function doubt(cell: Element, odd: boolean, { word, title }: Texts['odd']): void {
  const said = cell.querySelector(':scope > .odd');
  if (!odd) said?.remove();
  if (!odd || said) return;
  const chip = element('span', 'mini odd');
  chip.title = title;
  chip.append(drawing('odd'), word);
  cell.append(chip);
}

/** The sign of a part in the programme, last in a cell: there, or not there. `word`: it is said, not only drawn. */
export function aired(cell: Element, air: Air, states: Readonly<Record<Air, string>>, word = true): void {
  const said = cell.querySelector<HTMLElement>(':scope > .aired');
  if (air === 'none' ? !said : said?.title === states[air]) return;
  said?.remove();
  if (air === 'none') return;
  const chip = element('span', `mini aired ${air}-air`);
  chip.title = states[air];
  chip.append(drawing(AIR_ICONS[air]), ...(word ? [element('span', '', states[air])] : []));
  cell.append(chip);
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K, className: string, text = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}
