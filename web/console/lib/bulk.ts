import { command } from './http.ts';

/** Points that one command may name; more go in several. The server's own limit. */
export const MAX_BATCH = 2000;

export function batches(ids: readonly number[], size = MAX_BATCH): number[][] {
  const parts: number[][] = [];
  for (let at = 0; at < ids.length; at += size) parts.push(ids.slice(at, at + size));
  return parts;
}

/** One command for many points, in as many batches as it needs; stops at the first that is refused. */
export async function forPoints(
  conference: string, body: { type: string; [field: string]: unknown }, ids: readonly number[],
): Promise<void> {
  for (const points of batches(ids)) await command(conference, { ...body, points });
}
