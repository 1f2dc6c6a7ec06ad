import type { Query } from '../../shared/api.ts';
import { batches } from './bulk.ts';
import { saveFile } from './csv.ts';
import { api, told } from './http.ts';
import { i18n } from './i18n.svelte.ts';
import { notices } from './notices.svelte.ts';

/** Files the server makes on demand (PDF, .xlsx): says which is in the making, then hands it to the downloads. */
export class FileMaker {
  making = $state<string | null>(null);

  async get(key: string, path: string, query: Query, fallbackName: string): Promise<void> {
    if (this.making) return;
    this.making = key;
    try {
      const { blob, name } = await api.blob(path, { query });
      saveFile(blob, name ?? fallbackName);
      notices.say(i18n.t.common.fileReady(name ?? fallbackName));
    } catch (cause) {
      notices.say(told(cause), 'bad');
    } finally {
      this.making = null;
    }
  }
}

export type PrintKind = 'cards' | 'sheets' | 'posters';

/** Points that one address names; servers in between cut longer ones. */
const MOST_IN_ADDRESS = 1000;

/** Prints for some points; none named means every point of the conference. Very many come as several files. */
export async function print(
  files: FileMaker, conference: string, kind: PrintKind, scope: { points?: number[]; unit?: string } = {},
): Promise<void> {
  const path = `/api/conferences/${encodeURIComponent(conference)}/print/${kind}.pdf`;
  const lots = scope.points ? batches(scope.points, MOST_IN_ADDRESS) : [undefined];
  for (const points of lots) await files.get(kind, path, { points: points?.join(','), unit: scope.unit }, `${kind}.pdf`);
}
