/** Key-value storage that never throws: what the browser will not keep stays in memory, and `durable` says so. */
export interface Shelf {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** Every key that begins with `prefix`, in no order. */
  keys(prefix: string): string[];
  /** False while something lives in memory alone and would be lost by a reload. */
  readonly durable: boolean;
}

/** Over `storage`, or over nothing at all where the browser blocks it (private windows, full disks, policies). */
export function openShelf(storage: Storage | null): Shelf {
  const memory = new Map<string, string>();
  const removed = new Set<string>(); // what storage still holds but could not be taken out of it

  return {
    get(key) {
      const kept = memory.get(key);
      if (kept !== undefined || removed.has(key)) return kept ?? null;
      try {
        return storage?.getItem(key) ?? null;
      } catch {
        return null;
      }
    },
    set(key, value) {
      removed.delete(key);
      try {
        if (!storage) throw new Error('no storage');
        storage.setItem(key, value);
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
    remove(key) {
      memory.delete(key);
      try {
        storage?.removeItem(key);
      } catch {
        removed.add(key);
      }
    },
    keys(prefix) {
      const found = new Set([...memory.keys()].filter((key) => key.startsWith(prefix)));
      try {
        for (let i = 0; storage && i < storage.length; i++) {
          const key = storage.key(i);
          if (key?.startsWith(prefix) && !removed.has(key)) found.add(key);
        }
      } catch {
        // What is in memory is all there is.
      }
      return [...found];
    },
    get durable() {
      return memory.size === 0;
    },
  };
}

/** The browser's own storage, or this tab's alone; null where even asking for it is forbidden. */
export function browserStorage(kind: 'localStorage' | 'sessionStorage' = 'localStorage'): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

/** What `key` holds as JSON, or null when it is absent or damaged. */
export function readJson<T>(shelf: Shelf, key: string): T | null {
  const text = shelf.get(key);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
