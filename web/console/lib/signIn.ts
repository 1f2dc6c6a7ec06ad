import { api } from './http.ts';
import { session } from './session.svelte.ts';
import type { SessionAnswer } from './types.ts';

/** Asks the server who is signed in. */
export async function loadSession(): Promise<void> {
  session.take(await api.get<SessionAnswer>('/api/session'));
}

export async function signOut(): Promise<void> {
  await api.delete('/api/session');
  session.ended();
}
