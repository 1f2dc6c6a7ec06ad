import type { Query } from '../../shared/api.ts';
import { api } from './http.ts';

export interface Upload {
  readonly id: number;
  readonly file: File;
  share: number | null;
  error: unknown;
}

/**
 * Files on their way up, one after the other: two at once would each take twice as long. A failed one stays in the list
 * until it is tried again or put away.
 */
export class Uploads {
  list = $state<Upload[]>([]);
  #next = 1;
  #running = false;
  #stops = new Map<number, AbortController>();
  #path: string;
  #query: (file: File) => Query;
  #done: (file: File) => void;

  constructor(path: string, query: (file: File) => Query, done: (file: File) => void) {
    this.#path = path;
    this.#query = query;
    this.#done = done;
  }

  add(files: readonly File[]): void {
    for (const file of files) this.list.push({ id: this.#next++, file, share: 0, error: null });
    void this.#work();
  }

  again(upload: Upload): void {
    upload.error = null;
    upload.share = 0;
    void this.#work();
  }

  drop(upload: Upload): void {
    this.#stops.get(upload.id)?.abort();
    this.list = this.list.filter((one) => one.id !== upload.id);
  }

  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#waiting(); next; next = this.#waiting()) await this.#send(next);
    this.#running = false;
  }

  #waiting(): Upload | undefined {
    return this.list.find((one) => one.error === null);
  }

  async #send(upload: Upload): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(upload.id, stop);
    try {
      await api.upload(this.#path, upload.file, {
        query: this.#query(upload.file),
        signal: stop.signal,
        // All bytes sent is not done: the server still looks at what it is.
        onProgress: ({ done, total }) => (upload.share = total > 0 && done < total ? done / total : null),
      });
      this.drop(upload);
      this.#done(upload.file);
    } catch (cause) {
      upload.error = cause;
    }
    this.#stops.delete(upload.id);
  }
}

/** "1. Nghị_quyết số 18.pdf" to a title: no ending, no underscores; a number in front stays, it may be the order. */
export function titleOf(name: string): string {
  const bare = name.normalize('NFC').replace(/\.[^.]{1,5}$/, '').replace(/_+/g, ' ').replace(/\s+/g, ' ').trim();
  return (bare || name).slice(0, 200);
}
