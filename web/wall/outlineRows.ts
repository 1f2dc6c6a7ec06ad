/** Draws the lines of the tree of units: a unit with its sums, or a room with its status. */
import { count, percent } from '../shared/format.ts';
import type { PointRow, Status, Tally } from '../wire/socket.ts';
import { MARKED } from './heading.ts';
import { i18n } from './i18n.svelte.ts';
import { airOf, heardOnly, type Air } from './air.ts';
import { aired, doubt, drawing, element } from './marks.ts';
import type { OutlineLine } from './outline.ts';
import { write } from './rows.ts';
import { people, waiting } from './tile.ts';
import type { Wall } from './wall.svelte.ts';

const CELLS = ['name', 'states', 'present', 'share', ...MARKED, 'people', 'part', 'reported', 'scans', 'devices'] as const;
const FIRST_MARKED = CELLS.indexOf('help');
const PEOPLE = CELLS.indexOf('people');

/** The order and the colours of the strip of shares: what is well first, calm colours for it. */
const FROM_WELL: readonly Status[] = ['ok', 'ready', 'in', 'tv', 'weak', 'help', 'lost', 'none', 'left'];
const SHADES: Record<Status, string> = {
  ok: 'var(--calm)', ready: 'var(--calm)', in: 'var(--ready-fill)', tv: 'var(--tv-edge)', weak: 'var(--weak-edge)',
  help: 'var(--help-fill)', lost: 'var(--lost-fill)', none: 'transparent', left: 'transparent',
};

const n = (value: number) => count(value, i18n.language);

export class OutlineRows {
  readonly #wall: Wall;
  readonly #lineOf: (key: string) => OutlineLine | undefined;
  /** What each row says; sums that did not change are not worked out again. */
  readonly #said = new WeakMap<HTMLElement, Tally>();
  #of: readonly PointRow[] = [];
  #airs = new Map<string, Air>();

  constructor(wall: Wall, lineOf: (key: string) => OutlineLine | undefined) {
    this.#wall = wall;
    this.#lineOf = lineOf;
  }

  readonly make = (): HTMLElement => {
    const row = element('div', 'line');
    for (const cell of CELLS) {
      const span = element('span', cell === 'name' || cell === 'states' ? cell : `${cell} num`);
      span.setAttribute('role', 'gridcell');
      row.append(span);
    }
    const turn = element('button', 'turn');
    turn.type = 'button';
    turn.tabIndex = -1;
    row.children[0]!.append(turn, element('span', 'mark'), element('b', ''));
    row.children[1]!.append(element('i', 'bar'));
    return row;
  };

  readonly write = (row: HTMLElement, key: string): void => {
    const line = this.#lineOf(key);
    if (!line) return;
    const cell = row.children[0] as HTMLElement;
    const [turn, mark] = cell.children as unknown as [HTMLButtonElement, HTMLElement];
    // The sums change ten times a second, the line's place seldom.
    const stands = `${line.kind} ${line.depth} ${line.kind === 'unit' && line.open}`;
    if (row.dataset['stands'] !== stands) {
      row.dataset['stands'] = stands;
      row.dataset['kind'] = line.kind;
      cell.style.setProperty('--depth', String(line.depth));
      row.setAttribute('aria-level', String(line.depth + 1));
      turn.hidden = line.kind === 'point';
      mark.hidden = line.kind === 'unit';
      if (line.kind === 'unit') turns(row, turn, line.open);
    }
    if (line.kind === 'point') {
      this.#room(row, mark, line.id);
      return;
    }
    write(mark.nextElementSibling, this.#wall.tree.get(line.code)?.name ?? line.code);
    aired(cell, this.#inside().get(line.code) ?? 'none', i18n.t.air.states, false);
    const tally = this.#wall.model.tallies.get(line.code);
    if (!tally || this.#said.get(row) === tally) return;
    this.#said.set(row, tally);
    this.#unit(row, tally);
  };

  #unit(row: HTMLElement, tally: Tally): void {
    const bar = row.children[1]!.firstElementChild as HTMLElement;
    const shares = strip(tally);
    if (bar.dataset['shares'] !== shares) {
      bar.dataset['shares'] = shares;
      bar.style.background = shares;
    }
    MARKED.forEach((status, i) => trouble(row.children[FIRST_MARKED + i]!, status, tally.statuses[status]));
    fill(row, 2, [`${n(tally.present)}/${n(tally.points)}`, percent(tally.present, tally.points, i18n.language)]);
    fill(row, PEOPLE, [
      `${n(tally.declared)}/${n(tally.expected)}`,
      percent(tally.declared, tally.expected, i18n.language),
      `${n(tally.reported)}/${n(tally.points)}`,
      n(tally.scans),
      n(tally.devices),
    ]);
  }

  #room(row: HTMLElement, mark: HTMLElement, id: number): void {
    const { t, language } = i18n;
    const { rows, infos } = this.#wall.model;
    const [at, info] = [rows.get(id), infos.get(id)];
    if (!at || !info) return;
    if (row.dataset['status'] !== at.status) {
      row.dataset['status'] = at.status;
      mark.className = `mark ${at.status}`;
      mark.replaceChildren(drawing(at.status));
    }
    write(mark.nextElementSibling, info.title);
    write(row.children[1]!.firstElementChild, `${t.statuses[at.status]} · ${waiting(this.#wall.live.now - at.since)}`);
    fill(row, PEOPLE, [
      `${at.in_room === null ? '–' : n(at.in_room)}/${n(info.expected)}`,
      at.in_room === null ? '' : percent(at.in_room, info.expected, language),
      '',
      n(at.scans),
      n(at.devices),
    ]);
    const odd = this.#wall.doubts.ids.has(id);
    doubt(row.children[0]!, odd, t.odd);
    const air = airOf(at);
    const states = heardOnly(at) ? t.air.heard : t.air.states;
    aired(row.children[0]!, air, states);
    row.classList.toggle('odd', odd);
    row.classList.toggle('sel', id === this.#wall.view.point);
    const about = `${info.title}: ${t.statuses[at.status]}. ${people(at, info, t, language)}`;
    row.ariaLabel = air === 'none' ? about : `${about}. ${states[air]}`;
  }

  /** The units with a room that has a part in the programme, each with the foremost. */
  #inside(): ReadonlyMap<string, Air> {
    const { aired: rooms, tree, model } = this.#wall;
    if (this.#of === rooms) return this.#airs;
    this.#of = rooms;
    this.#airs = new Map();
    for (const row of rooms) {
      let code = model.infos.get(row.id)?.unit;
      while (code !== undefined) {
        if (!this.#airs.has(code)) this.#airs.set(code, airOf(row));
        code = tree.parent(code)?.code;
      }
    }
    return this.#airs;
  }
}

function turns(row: HTMLElement, turn: HTMLButtonElement, open: boolean): void {
  row.setAttribute('aria-expanded', String(open));
  turn.ariaLabel = open ? i18n.t.groups.collapse : i18n.t.groups.expand;
  turn.classList.toggle('down', open);
}

function fill(row: HTMLElement, from: number, texts: readonly string[]): void {
  texts.forEach((text, i) => write(row.children[from + i] ?? null, text));
}

function trouble(cell: Element, status: Status, points: number): void {
  const mini = cell.firstElementChild;
  if (points === 0) mini?.remove();
  else if (mini) write(mini.lastElementChild, n(points));
  else {
    const made = element('span', `mini ${status}`);
    made.append(drawing(status), element('span', 'num', n(points)));
    cell.append(made);
  }
}

/** A strip of the statuses' shares; the counts beside it say the same in figures. */
function strip(tally: Tally): string {
  let at = 0;
  const parts = FROM_WELL.filter((status) => tally.statuses[status] > 0).map((status) => {
    const from = at;
    at += (100 * tally.statuses[status]) / tally.points;
    return `${SHADES[status]} ${from.toFixed(2)}% ${at.toFixed(2)}%`;
  });
  return parts.length > 0 ? `linear-gradient(90deg, ${parts.join(', ')})` : 'none';
}
