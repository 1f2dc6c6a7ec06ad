import type { Query } from '../../shared/api.ts';
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

/** Prints for some points; none named means every point of the conference. */
export function print(
  files: FileMaker, conference: string, kind: PrintKind, scope: { points?: number[]; unit?: string } = {},
): Promise<void> {
  const query: Query = { points: scope.points?.join(','), unit: scope.unit };
  return files.get(kind, `/api/conferences/${encodeURIComponent(conference)}/print/${kind}.pdf`, query, `${kind}.pdf`);
}
