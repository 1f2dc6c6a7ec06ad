/** What a room asks the service for its media: addresses, and to show its small picture. */
import { ApiError, errorOf } from '../../shared/api.ts';
import type { MediaPass } from '../../shared/media/session.ts';

const ANSWER_WITHIN = 8_000; // ms; the line tries again by itself
const LATER = new Set([409, 429]); // not let yet, or too soon: the next picture may be

/** The room's streams are named by its point. */
export type Stream = 'programme' | `point/${number}` | `talk/${number}`;

export class MediaService {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  /** Throws `ApiError`. `failed`: the bridge that did not answer. */
  async pass(stream: Stream, act: 'publish' | 'watch', failed: string): Promise<MediaPass> {
    const body = JSON.stringify({ stream, act, failed });
    try {
      const response = await this.#say('POST', '/api/point/media', 'application/json', body);
      if (!response.ok) throw errorOf(response.status, await response.text());
      return (await response.json()) as MediaPass;
    } catch (cause) {
      throw cause instanceof ApiError ? cause : new ApiError(0, { code: 'unreachable', message: '' });
    }
  }

  /** False: no further one is wanted. Never throws: a picture that is lost on the way is followed by the next. */
  async show(picture: Blob): Promise<boolean> {
    try {
      const { status } = await this.#say('PUT', '/api/point/thumbnail', 'image/jpeg', picture);
      return status < 400 || status >= 500 || LATER.has(status);
    } catch {
      return true;
    }
  }

  #say(method: string, path: string, type: string, body: BodyInit): Promise<Response> {
    return fetch(path, {
      method,
      headers: { 'Content-Type': type, Authorization: `Bearer ${this.#token}`, 'X-Requested-With': 'nhipcau' },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
  }
}
