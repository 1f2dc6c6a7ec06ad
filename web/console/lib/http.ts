import { Api, ApiError } from '../../shared/api.ts';
import { commandId } from '../../shared/socket.ts';
import { i18n } from './i18n.svelte.ts';
import { session } from './session.svelte.ts';
import type { DoneAnswer } from './types.ts';

export const api = new Api({
  language: () => i18n.language,
  onUnauthenticated: () => session.ended(),
});

/** Gives a command to a conference; resolves when it is durable. */
export function command(conference: string, body: { type: string; [field: string]: unknown }): Promise<DoneAnswer> {
  return api.post(`/api/conferences/${encodeURIComponent(conference)}/commands`, { id: commandId(), command: body });
}

/** The path of one conference's interface. */
export const of = (conference: string, rest = ''): string =>
  `/api/conferences/${encodeURIComponent(conference)}${rest}`;

/** What a person reads of a failure: the server's own words, or ours where no answer came. */
export function told(cause: unknown): string {
  const t = i18n.t.errors;
  if (!(cause instanceof ApiError)) return t.unknown;
  if (cause.message) return cause.row ? t.inRow(cause.row, cause.message) : cause.message;
  if (cause.code === 'unreachable') return t.unreachable;
  if (cause.status === 403) return t.forbidden;
  if (cause.status === 404) return t.notFound;
  if (cause.status === 413) return t.tooLarge;
  if (cause.status === 429) return t.tooMany;
  return t.server(cause.status);
}
