import type { Me, SessionAnswer } from './types.ts';

/** Who is signed in; `known` once the server has said so for the first time. Asking the server is `signIn.ts`'s part. */
class Session {
  account = $state.raw<Me | null>(null);
  setupNeeded = $state(false);
  known = $state(false);

  get administrator(): boolean {
    return this.account?.role === 'administrator';
  }

  /** Viewers look; everybody else may change what their role reaches. */
  get writes(): boolean {
    return this.account !== null && this.account.role !== 'viewer';
  }

  /** Organizers of a subtree run their points, not the conference. */
  get whole(): boolean {
    return this.writes && !this.account?.unit;
  }

  take(answer: SessionAnswer): void {
    this.account = answer.account;
    this.setupNeeded = answer.setup_needed;
    this.known = true;
  }

  /** Nobody is signed in any more: the shell shows the sign-in and comes back here afterwards. */
  ended(): void {
    this.account = null;
  }
}

export const session = new Session();
