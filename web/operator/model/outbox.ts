import { readJson, type Shelf } from './shelf.ts';
import type { AnswerAir } from '../../wire/protocol.ts';
import type { Command, Done, Refused } from '../../wire/socket.ts';

/** Answered entries kept for the list "sent from this phone"; a room sends about ten a conference. */
export const KEPT_ANSWERS = 30;

/** What a room may say; taking a call for help is the organizers' part. */
export type RoomCommand = Exclude<Command, { type: 'take_help' }> | AnswerAir;

type WithoutPoint<T> = T extends RoomCommand ? Omit<T, 'point'> : never;
export type RoomAct = WithoutPoint<RoomCommand>;

/** `at` is the server's clock. `noted`: a person has read the refusal. */
export type Answer =
  | { kind: 'done'; at: number; seq: number }
  | { kind: 'refused'; at: number; code: string; message: string; noted?: true };

/** One tap. `tappedAt` is the phone's own clock; `n` orders taps even when that clock is set back. */
export interface Entry {
  id: string;
  n: number;
  command: RoomCommand;
  tappedAt: number;
  answer?: Answer;
}

/** 22 characters of 64 kinds: 132 bits, so that two phones never make the same one. */
export function newId(): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
  return Array.from(crypto.getRandomValues(new Uint8Array(22)), (byte) => alphabet[byte & 63]).join('');
}

/**
 * What was tapped, written down before it is sent and waiting until the server answers it by its id.
 *
 * Every entry has a key of its own: two tabs that write at once can neither overwrite nor resurrect each
 * other's. An answer is one write to that key, so a crash leaves an entry either waiting or answered; the
 * worst case is one more question to the server, which knows the id.
 */
export class Outbox {
  readonly prefix: string;
  #shelf: Shelf;

  /** `scope` names conference and point, so that taps outlive a renewed link. */
  constructor(shelf: Shelf, scope: string) {
    this.#shelf = shelf;
    this.prefix = `nc:${scope}:tap:`;
  }

  /** Everything, oldest first. An entry that cannot be read is thrown away: it could never be sent. */
  entries(): Entry[] {
    const found: Entry[] = [];
    for (const key of this.#shelf.keys(this.prefix)) {
      const entry = readJson<Entry>(this.#shelf, key);
      if (sound(entry) && key === this.prefix + entry.id) found.push(entry);
      else if (this.#shelf.get(key) !== null) this.#shelf.remove(key);
    }
    return found.sort((a, b) => a.n - b.n || (a.id < b.id ? -1 : 1));
  }

  waiting(): Entry[] {
    return this.entries().filter((entry) => !entry.answer);
  }

  add(command: RoomCommand, tappedAt: number, id: string = newId()): Entry {
    const last = this.entries().at(-1)?.n ?? 0;
    const entry: Entry = { id, n: last + 1, command, tappedAt };
    this.#write(entry);
    return entry;
  }

  /** Takes the server's answer. Null when nothing waits under that id: it was answered before, or is not ours. */
  settle(id: string, answer: Answer): Entry | null {
    const entry = readJson<Entry>(this.#shelf, this.prefix + id);
    if (!sound(entry) || entry.answer) return null;
    const settled = { ...entry, answer };
    this.#write(settled);
    this.#prune();
    return settled;
  }

  /** A person has read that this was refused. */
  note(id: string): void {
    const entry = readJson<Entry>(this.#shelf, this.prefix + id);
    if (sound(entry) && entry.answer?.kind === 'refused') {
      this.#write({ ...entry, answer: { ...entry.answer, noted: true } });
    }
  }

  #write(entry: Entry): void {
    this.#shelf.set(this.prefix + entry.id, JSON.stringify(entry));
  }

  #prune(): void {
    const answered = this.entries().filter((entry) => entry.answer);
    for (const entry of answered.slice(0, -KEPT_ANSWERS)) this.#shelf.remove(this.prefix + entry.id);
  }
}

function sound(entry: Entry | null): entry is Entry {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    typeof entry.id === 'string' &&
    typeof entry.n === 'number' &&
    typeof entry.tappedAt === 'number' &&
    typeof entry.command?.type === 'string'
  );
}

export function answerOf(message: Done | Refused, now: number): Answer {
  if (message.t === 'done') return { kind: 'done', at: message.at, seq: message.seq };
  return { kind: 'refused', at: now, code: message.error.code, message: message.error.message };
}
