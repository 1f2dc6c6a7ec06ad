import { CommandError } from '../shared/socket.ts';
import { clock } from '../shared/format.ts';
import type { AirCommand, Command } from '../wire/socket.ts';
import { i18n } from './i18n.svelte.ts';
import type { Wall } from './wall.svelte.ts';

/** Gives commands for one room and tells what came of the last one. */
export class Actor {
  readonly #wall: Wall;
  sending = $state(false);
  told = $state.raw<{ good: boolean; text: string } | null>(null);

  constructor(wall: Wall) {
    this.#wall = wall;
  }

  /** Nothing can be asked for now. */
  get still(): boolean {
    return this.sending || this.#wall.stale;
  }

  /** `done`: what is told when the server has it, in the reader's words. Whether it has. */
  async act(command: Command | AirCommand, done: string): Promise<boolean> {
    this.sending = true;
    this.told = null;
    try {
      const { at } = await this.#wall.command(command);
      this.told = { good: true, text: `${done.charAt(0).toUpperCase()}${done.slice(1)} · ${clock(at)}` };
    } catch (cause) {
      if (!(cause instanceof CommandError)) throw cause;
      const offline = cause.error.code === 'offline';
      this.told = { good: false, text: offline ? i18n.t.drawer.offline : cause.error.message };
    } finally {
      this.sending = false;
    }
    this.#wall.say(this.told.text);
    return this.told.good;
  }

  forget(): void {
    this.told = null;
  }
}
