/** The heading of a group: what its rooms sum up to, and the elements that say it. */
import { count, type Language } from '../shared/format.ts';
import { PRESENT, type PointInfo, type PointRow, type Status } from '../wire/socket.ts';
import type { Group } from './groups.ts';
import { drawing, element } from './marks.ts';
import type { Texts } from './texts/vi.ts';

/** A heading counts these, so that trouble is found in two steps: group, then tile. */
export const MARKED: readonly Status[] = ['help', 'lost', 'weak', 'tv', 'none'];

export interface Words {
  t: Texts;
  language: Language;
  /** Before the start a group says how many are ready, then how many are present. */
  starting: boolean;
}

export interface Sum {
  points: number;
  present: number;
  ready: number;
  inRoom: number;
  expected: number;
  /** Statuses that are marked and occur, with how often. */
  marked: readonly (readonly [Status, number])[];
}

export function sumUp(
  points: readonly number[], rows: ReadonlyMap<number, PointRow>, infos: ReadonlyMap<number, PointInfo>,
): Sum {
  const counts = new Map<Status, number>();
  let [present, inRoom, expected] = [0, 0, 0];
  for (const id of points) {
    const row = rows.get(id);
    if (!row) continue;
    counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
    if (PRESENT.has(row.status)) present += 1;
    inRoom += row.in_room ?? 0;
    expected += infos.get(id)?.expected ?? 0;
  }
  return {
    points: points.length,
    present,
    ready: (counts.get('ready') ?? 0) + (counts.get('ok') ?? 0),
    inRoom,
    expected,
    marked: MARKED.map((status) => [status, counts.get(status) ?? 0] as const).filter(([, n]) => n > 0),
  };
}

export class Heading {
  readonly el = element('button', 'head');
  readonly #name: string;
  readonly #marks = element('span', 'marks');
  readonly #here = element('b', 'num');
  readonly #word = new Text();
  readonly #people = element('span', 'num people');
  #said = '';

  constructor(group: Group) {
    this.#name = group.name;
    this.el.type = 'button';
    this.el.tabIndex = -1;
    this.el.dataset['unit'] = group.code;
    const title = element('span', 'title');
    title.append(element('b', '', group.name), this.#marks);
    const sum = element('span', 'sum');
    sum.append(this.#here, ' ', this.#word, this.#people);
    this.el.append(title, sum);
  }

  /** Writes only what is not said yet. */
  say(sum: Sum, { t, language, starting }: Words): void {
    const here = `${starting ? sum.ready : sum.present}/${sum.points}`;
    const word = starting ? t.totals.readyWord : t.totals.presentWord;
    const people = `${count(sum.inRoom, language)}/${count(sum.expected, language)}`;
    const said = [here, word, people, ...sum.marked].join();
    if (said === this.#said) return;
    this.#said = said;
    this.#here.textContent = here;
    this.#word.data = word;
    this.#people.textContent = people;
    this.el.classList.toggle('bad', sum.marked.length > 0);
    this.#marks.replaceChildren(...sum.marked.map(([status, n]) => mini(status, n)));
    const troubles = sum.marked.map(([status, n]) => `${n} ${t.statuses[status]}`).join(', ');
    const spoken = t.mosaic.group(this.#name, String(sum.present), String(sum.points));
    this.el.ariaLabel = [spoken, troubles, t.mosaic.open].filter(Boolean).join('. ');
  }
}

function mini(status: Status, n: number): HTMLElement {
  const span = element('span', `mini ${status}`);
  span.append(drawing(status));
  if (n > 1) span.append(element('span', 'num', String(n)));
  return span;
}
