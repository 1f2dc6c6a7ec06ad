import type { Do, Done, Refused } from '../../wire/socket.ts';
import { Outbox, type RoomCommand } from './outbox.ts';
import { Sender } from './sender.ts';
import { openShelf, type Shelf } from './shelf.ts';

/** A browser's storage: outlives pages, shared by tabs, and full when told so. */
export class Disk implements Storage {
  full = false;
  #items = new Map<string, string>();
  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }

  clear(): void {
    this.#items.clear();
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.#items.set(key, value);
  }
}

/** The server as far as taps go: decides each id once, answers it as often as asked. */
export class Record {
  applied: RoomCommand[] = [];
  refuse: (command: RoomCommand) => string | null = () => null;
  #answers = new Map<string, Done | Refused>();
  #seq = 0;

  decide(message: Do): Done | Refused {
    const before = this.#answers.get(message.id);
    if (before) return before.t === 'done' ? { ...before, again: true } : before;
    const command = message.command as RoomCommand;
    const code = this.refuse(command);
    if (!code) this.applied.push(command);
    const answer: Done | Refused = code
      ? { t: 'refused', id: message.id, error: { code, message: code } }
      : { t: 'done', id: message.id, seq: ++this.#seq, at: 1_000_000 + this.#seq, again: false, point: null };
    this.#answers.set(message.id, answer);
    return answer;
  }
}

export const time = { now: 50_000 };

/** One tab: a page over the disk, with a line to the server that a test can cut, or cut after the request. */
export class Page {
  shelf: Shelf;
  outbox: Outbox;
  sender: Sender;
  sent: Do[] = [];
  renewed = 0;
  heard = 0;
  answers: 'come' | 'are lost' | 'come twice' = 'come';
  #inbox: (Done | Refused)[] = [];

  constructor(disk: Disk | null, record: Record, scope = 'c:1') {
    this.shelf = openShelf(disk);
    this.outbox = new Outbox(this.shelf, scope);
    this.sender = new Sender(this.outbox, {
      send: (message) => {
        this.sent.push(message);
        const answer = record.decide(message);
        if (this.answers === 'come twice') this.#inbox.push(answer);
        if (this.answers !== 'are lost') this.#inbox.push(answer);
        return true;
      },
      renew: () => (this.renewed += 1),
      heardAt: () => this.heard,
      now: () => time.now,
    });
  }

  tap(command: RoomCommand): string {
    const entry = this.outbox.add(command, time.now);
    this.sender.added(entry);
    return entry.id;
  }

  /** Takes every answer that is on its way, and those that these lead to. */
  read(): void {
    for (let answer = this.#inbox.shift(); answer; answer = this.#inbox.shift()) {
      this.heard = time.now;
      this.sender.answered(answer);
    }
  }
}

export const checkIn: RoomCommand = { type: 'check_in', point: 1 };
export const ready: RoomCommand = { type: 'ready', point: 1 };
export const count = (in_room: number): RoomCommand => ({ type: 'report_headcount', point: 1, in_room });
