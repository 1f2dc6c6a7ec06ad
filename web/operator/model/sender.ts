import type { Do, Done, Refused } from '../../wire/socket.ts';
import { answerOf, type Entry, type Outbox } from './outbox.ts';

/** No answer for this long on an open line: ask again. Far above a slow 3G round trip, below a person's patience. */
export const ANSWER_WITHIN = 8_000; // ms
/** After "busy": the server is up but wants air. */
export const BUSY_PAUSE = 3_000; // ms

/** Refusals that say nothing of the command itself: it stays in the outbox and is sent again. */
const PASSING = new Set(['busy', 'too_many_requests', 'rate_limited', 'unavailable', 'internal', 'timeout']);

export interface Line {
  /** False when the message could not be handed to an open line. */
  send(message: Do): boolean;
  /** The line is open but does not answer: start it anew. */
  renew(): void;
  /** When anything was last heard from the server, by the device's clock. */
  heardAt(): number;
  now(): number;
}

/**
 * Sends the outbox in order, one entry at a time: the next leaves when the one before is answered, so the order
 * holds whatever the server does in parallel. Whatever is unanswered is sent again, with `retry`, after a new
 * connection or `ANSWER_WITHIN`; the server gives the same id the same answer.
 */
export class Sender {
  #outbox: Outbox;
  #line: Line;
  #open = false;
  #leads = true; // until told otherwise
  #flight: { id: string; at: number } | null = null;
  #notBefore = 0;
  #fresh = new Set<string>(); // made by this page and never handed to a line: the only ones sent without `retry`

  constructor(outbox: Outbox, line: Line) {
    this.#outbox = outbox;
    this.#line = line;
  }

  /** What was sent and is not answered yet. */
  get underWay(): string | null {
    return this.#flight?.id ?? null;
  }

  /** This page just wrote the entry down. */
  added(entry: Entry): void {
    this.#fresh.add(entry.id);
    this.pump();
  }

  /** The line is ready for commands, or it broke: whatever was under way has to be asked again. */
  opened(open: boolean): void {
    this.#open = open;
    this.#flight = null;
    this.#notBefore = 0;
    this.pump();
  }

  /** Of several tabs one sends. */
  leads(leads: boolean): void {
    if (leads === this.#leads) return;
    this.#leads = leads;
    this.#flight = null;
    this.pump();
  }

  /** Sends what is due. Cheap: called on every change and once a second. */
  pump(): void {
    const now = this.#line.now();
    const pause = this.#notBefore - now; // longer than the pause itself: the clock was set back
    if (!this.#open || !this.#leads || (pause > 0 && pause <= BUSY_PAUSE)) return;
    const next = this.#outbox.waiting()[0];
    if (!next) return;
    const flight = this.#flight?.id === next.id ? this.#flight : null;
    if (flight) {
      if (now >= flight.at && now - flight.at < ANSWER_WITHIN) return;
      if (this.#line.heardAt() < flight.at) {
        this.#flight = null;
        this.#line.renew();
        return;
      }
    }
    this.#send(next, now);
  }

  /** Takes an answer; returns the entry that it settled, or null when it settled none. */
  answered(message: Done | Refused): Entry | null {
    const { id } = message;
    if (!id) return null;
    if (this.#flight?.id === id) this.#flight = null;
    if (message.t === 'refused' && PASSING.has(message.error.code)) {
      this.#notBefore = this.#line.now() + BUSY_PAUSE;
      return null;
    }
    const settled = this.#outbox.settle(id, answerOf(message, this.#line.now()));
    this.pump();
    return settled;
  }

  #send(entry: Entry, now: number): void {
    const { id, command, tappedAt } = entry;
    const message: Do = { id, command, tapped_at: tappedAt, sent_at: now };
    if (!this.#fresh.has(id)) message.retry = true;
    if (!this.#line.send(message)) return;
    this.#fresh.delete(id);
    this.#flight = { id, at: now };
  }
}
