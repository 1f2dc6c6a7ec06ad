import { ApiError } from '../../shared/api.ts';

/**
 * Something a page reads: loading, there, or failed. A newer call overtakes an older one, whatever order they answer in;
 * data of before stays in sight while it is read again.
 */
export class Loader<T> {
  data = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  loading = $state(true);

  #read: (signal: AbortSignal) => Promise<T>;
  #running: AbortController | null = null;

  constructor(read: (signal: AbortSignal) => Promise<T>) {
    this.#read = read;
  }

  async load(): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.loading = true;
    try {
      const data = await this.#read(running.signal);
      if (running.signal.aborted) return;
      this.data = data;
      this.error = null;
    } catch (cause) {
      if (running.signal.aborted || (cause instanceof ApiError && cause.aborted)) return;
      this.error = cause;
    }
    this.loading = false;
  }

  stop(): void {
    this.#running?.abort();
  }
}

/** A form or button at work: `busy` while it runs, `error` afterwards, and the field that the server named. */
export class Task {
  busy = $state(false);
  error = $state.raw<unknown>(null);

  /** Runs `work` unless one runs already; true when it succeeded. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await work();
      return true;
    } catch (cause) {
      this.error = cause;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The message for one field of the form, if that is the one that was refused. */
  of(field: string, told: (cause: unknown) => string): string | undefined {
    return this.error instanceof ApiError && this.error.field === field ? told(this.error) : undefined;
  }

  /** The message that belongs to none of `fields`. */
  rest(fields: readonly string[], told: (cause: unknown) => string): string | undefined {
    if (this.error === null) return undefined;
    const field = this.error instanceof ApiError ? this.error.field : undefined;
    return field && fields.includes(field) ? undefined : told(this.error);
  }
}
