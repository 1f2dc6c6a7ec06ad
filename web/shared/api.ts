import { NdjsonReader } from './ndjson.ts';

/** The body of every refusal, as the server writes it. */
export interface ErrorShape {
  code: string;
  message: string;
  field?: string;
  row?: number;
  request_id?: string;
}

/**
 * A request that did not succeed. `status` 0 means that no answer came (no line, or given up); `code` is then
 * `unreachable` or `aborted`. `field` names the input that is wrong, `row` the row of a file as a spreadsheet counts it.
 */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly field: string | undefined;
  readonly row: number | undefined;
  readonly requestId: string | undefined;

  constructor(status: number, shape: ErrorShape) {
    super(shape.message);
    this.name = 'ApiError';
    this.status = status;
    this.code = shape.code;
    this.field = shape.field;
    this.row = shape.row;
    this.requestId = shape.request_id;
  }

  get aborted(): boolean {
    return this.code === 'aborted';
  }
}

export type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>;

/** `done` of `total`; bytes while a file goes up, rows while the server works. */
export interface Progress {
  stage: 'sending' | 'working';
  done: number;
  total: number;
}

export interface CallOptions {
  query?: Query;
  signal?: AbortSignal;
}

export interface LongOptions extends CallOptions {
  onProgress?: (progress: Progress) => void;
}

export interface ApiSettings {
  /** Before every path; empty in the browser, where the page and the API share an origin. */
  base?: string;
  /** Asked for each request, so that a switch of language needs no new client. */
  language?: () => string;
  /** In place of the session's cookie. */
  token?: string;
  /** Called on every 401, before the error is thrown. */
  onUnauthenticated?: () => void;
}

const NDJSON = 'application/x-ndjson';

/** `/api/units` and `{q: 'xã', limit: 5}` to one address. Nothing, `null` and empty text are left out; lists repeat. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** Any body to the one error; a proxy's HTML page or an empty answer becomes `http_<status>`. */
export function errorOf(status: number, body: string): ApiError {
  try {
    const parsed = JSON.parse(body) as { error?: ErrorShape };
    if (parsed.error && typeof parsed.error.code === 'string') return new ApiError(status, parsed.error);
  } catch {
    // Not the server's own answer: told by its status below.
  }
  return new ApiError(status, { code: `http_${status}`, message: '' });
}

function noAnswer(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const aborted = cause instanceof DOMException && cause.name === 'AbortError';
  return new ApiError(0, { code: aborted ? 'aborted' : 'unreachable', message: '' });
}

interface StreamLine<T> {
  progress?: [number, number];
  report?: T;
  error?: ErrorShape;
}

/** Collects the lines of a long answer; `result` throws what the stream said went wrong, or that it broke off. */
export class LongAnswer<T> {
  #reader = new NdjsonReader();
  #report: T | undefined;
  #error: ErrorShape | undefined;
  #onProgress: ((progress: Progress) => void) | undefined;

  constructor(onProgress?: (progress: Progress) => void) {
    this.#onProgress = onProgress;
  }

  push(text: string): void {
    this.#take(this.#reader.push(text));
  }

  result(status: number): T {
    this.#take(this.#reader.end());
    if (this.#error) throw new ApiError(status, this.#error);
    if (this.#report === undefined) throw new ApiError(0, { code: 'unreachable', message: '' });
    return this.#report;
  }

  #take(lines: unknown[]): void {
    for (const line of lines as StreamLine<T>[]) {
      if (line.progress) {
        const [done, total] = line.progress;
        this.#onProgress?.({ stage: 'working', done, total });
      }
      if (line.error) this.#error = line.error;
      if (line.report !== undefined) this.#report = line.report;
    }
  }
}

/** A typed client of the HTTP interface. Every method throws `ApiError` and nothing else. */
export class Api {
  #settings: ApiSettings;

  constructor(settings: ApiSettings = {}) {
    this.#settings = settings;
  }

  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return this.call<T>('GET', path, undefined, { ...(query && { query }), ...(signal && { signal }) });
  }

  post<T>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.call<T>('POST', path, body, options);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PATCH', path, body);
  }

  delete(path: string): Promise<void> {
    return this.call<void>('DELETE', path);
  }

  async call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    const response = await this.#fetch(method, path, body, 'application/json', options);
    const text = await response.text().catch((cause: unknown) => Promise.reject(noAnswer(cause)));
    if (!response.ok) throw this.#refused(response.status, text);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** The body as a file: for downloads that need a progress state and a readable error. */
  async blob(path: string, options: CallOptions = {}): Promise<{ blob: Blob; name: string | null }> {
    const response = await this.#fetch('GET', path, undefined, '*/*', options);
    if (!response.ok) throw this.#refused(response.status, await response.text());
    const name = fileName(response.headers.get('Content-Disposition'));
    return { blob: await response.blob().catch((cause: unknown) => Promise.reject(noAnswer(cause))), name };
  }

  /** A request whose answer takes long: progress lines first, then the report. */
  async long<T>(path: string, body: unknown, options: LongOptions = {}): Promise<T> {
    const response = await this.#fetch('POST', path, body, `${NDJSON}, application/json`, options);
    if (!response.ok || !response.body || !isNdjson(response.headers.get('Content-Type'))) {
      const text = await response.text();
      if (!response.ok) throw this.#refused(response.status, text);
      return JSON.parse(text) as T;
    }
    const answer = new LongAnswer<T>(options.onProgress);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) answer.push(part.value);
    } catch (cause) {
      throw noAnswer(cause);
    }
    return answer.result(response.status);
  }

  /**
   * Sends a file as the raw body. XMLHttpRequest, because fetch still tells nothing of bytes on their way up.
   * Answers that stream their progress and plain ones are both understood.
   */
  upload<T>(path: string, file: File, options: LongOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const request = new XMLHttpRequest();
      const answer = new LongAnswer<T>(options.onProgress);
      let read = 0;
      const streams = () => isNdjson(request.getResponseHeader('Content-Type'));
      const drain = () => {
        answer.push(request.responseText.slice(read));
        read = request.responseText.length;
      };
      const settle = () => {
        if (request.status < 200 || request.status > 299) throw this.#refused(request.status, request.responseText);
        if (!streams()) return JSON.parse(request.responseText) as T;
        drain();
        return answer.result(request.status);
      };
      request.open('POST', (this.#settings.base ?? '') + address(path, options.query));
      for (const [name, value] of Object.entries(this.#headers('POST', `${NDJSON}, application/json`))) {
        request.setRequestHeader(name, value);
      }
      request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      request.upload.onprogress = (event) =>
        options.onProgress?.({ stage: 'sending', done: event.loaded, total: event.total });
      request.onprogress = () => {
        if (request.status === 200 && streams()) drain();
      };
      request.onload = () => {
        try {
          resolve(settle());
        } catch (cause) {
          reject(noAnswer(cause));
        }
      };
      request.onerror = () => reject(noAnswer(undefined));
      request.onabort = () => reject(new ApiError(0, { code: 'aborted', message: '' }));
      options.signal?.addEventListener('abort', () => request.abort(), { once: true });
      request.send(file);
    });
  }

  #headers(method: string, accept: string): Record<string, string> {
    const headers: Record<string, string> = { Accept: accept };
    const language = this.#settings.language?.();
    if (language) headers['Accept-Language'] = language;
    if (this.#settings.token) headers['Authorization'] = `Bearer ${this.#settings.token}`;
    // A page of another site cannot set this header without a preflight, so it proves where the request came from.
    if (method !== 'GET') headers['X-Requested-With'] = 'nhipcau';
    return headers;
  }

  async #fetch(
    method: string, path: string, body: unknown, accept: string, options: CallOptions,
  ): Promise<Response> {
    const headers = this.#headers(method, accept);
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    try {
      return await fetch((this.#settings.base ?? '') + address(path, options.query), {
        method,
        headers,
        credentials: 'same-origin',
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(options.signal && { signal: options.signal }),
      });
    } catch (cause) {
      throw noAnswer(cause);
    }
  }

  #refused(status: number, body: string): ApiError {
    if (status === 401) this.#settings.onUnauthenticated?.();
    return errorOf(status, body);
  }
}

function isNdjson(type: string | null): boolean {
  return type?.startsWith(NDJSON) ?? false;
}

/** The name a download asks for; the encoded form (RFC 5987) wins, since only it carries accents. */
export function fileName(disposition: string | null): string | null {
  if (!disposition) return null;
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/i.exec(disposition)?.[1] ?? null;
}
