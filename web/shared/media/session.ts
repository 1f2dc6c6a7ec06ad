/**
 * One WHIP or WHEP session over HTTP: offer and answer, whether it still stands, its end. The two differ in direction alone.
 */
import type { components } from '../../wire/http.ts';
import { ApiError, errorOf } from '../api.ts';

/** Where to publish or watch, and the key to it. */
export type MediaPass = components['schemas']['MediaPass'];

/** What a viewer gets: only the sound, a layer of the picture (0 is the best), or (null) what his line bears. */
export type Quality = 'sound' | number | null;

const ANSWER_WITHIN = 8_000; // ms for the answer to an offer: several round trips of a slow line
const PROBE_WITHIN = 1_000; // ms; a bridge that is slower over HTTP will not bring a picture in time either

export class MediaSession {
  readonly #url: string;
  readonly #authorization: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#authorization = `Bearer ${token}`;
  }

  /** `gone`: the bridge knows nothing of it any more; `silent`: the bridge does not answer. Asked without the key, so
   *  that no browser asks twice. */
  async probe(): Promise<'stands' | 'gone' | 'silent'> {
    try {
      const { status } = await fetch(this.#url, { signal: AbortSignal.timeout(PROBE_WITHIN) });
      if (status === 404 || status === 410) return 'gone';
      return status < 500 ? 'stands' : 'silent';
    } catch {
      return 'silent';
    }
  }

  /** False: this server does not choose for viewers; what a standard one is not asked for. Never throws. */
  async choose(quality: Quality): Promise<boolean> {
    try {
      const { ok } = await this.#say('POST', ANSWER_WITHIN, '/quality', JSON.stringify({ quality }));
      return ok;
    } catch {
      return false;
    }
  }

  /** Says goodbye, even from a page that is closed; whether it arrives, the bridge finds out by itself. */
  end(): void {
    this.#say('DELETE', ANSWER_WITHIN).catch(() => {});
  }

  #say(method: string, within: number, below = '', body?: string): Promise<Response> {
    const headers: Record<string, string> = { Authorization: this.#authorization };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return fetch(this.#url + below, {
      method, headers, keepalive: method === 'DELETE', signal: AbortSignal.timeout(within), ...(body && { body }),
    });
  }
}

/**
 * Opens a session for what was added to `pc`. Throws `ApiError`.
 *
 * The offer leaves before anything is gathered: the bridge needs no candidates of ours, it answers whoever proves
 * himself, and names the helpers on the way (TURN) only with its answer.
 */
export async function open(pc: RTCPeerConnection, pass: MediaPass): Promise<MediaSession> {
  const offer = await pc.createOffer();
  const response = await post(pass, offer.sdp ?? '');
  const answer = await response.text().catch(unreachable);
  if (response.status !== 201) throw errorOf(response.status, answer);
  const session = new MediaSession(new URL(response.headers.get('Location') ?? '', response.url || pass.url).href, pass.token);
  try {
    const servers = iceServers(response.headers.get('Link') ?? '');
    if (servers.length > 0) pc.setConfiguration({ ...pc.getConfiguration(), iceServers: servers });
    await pc.setLocalDescription(offer);
    await pc.setRemoteDescription({ type: 'answer', sdp: answer });
  } catch {
    session.end(); // closed meanwhile, or an answer that this browser does not take
    throw new ApiError(0, { code: 'not_understood', message: '' });
  }
  return session;
}

function post(pass: MediaPass, offer: string): Promise<Response> {
  return fetch(pass.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', ...(pass.token && { Authorization: `Bearer ${pass.token}` }) },
    body: offer,
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  }).catch(unreachable);
}

function unreachable(): never {
  throw new ApiError(0, { code: 'bridge_silent', message: '' });
}

const LINK = /<([^>]+)>((?:\s*;\s*[\w-]+="[^"]*")*)/g;
const PARAMETER = /([\w-]+)="([^"]*)"/g;

/** The helpers that `Link` headers name (RFC 9725, 4.6). */
export function iceServers(link: string): RTCIceServer[] {
  const servers: RTCIceServer[] = [];
  for (const [, urls = '', rest = ''] of link.matchAll(LINK)) {
    const told = Object.fromEntries(Array.from(rest.matchAll(PARAMETER), ([, name, value]) => [name, value]));
    if (told['rel'] !== 'ice-server') continue;
    const { username, credential } = told;
    servers.push(username && credential ? { urls, username, credential } : { urls });
  }
  return servers;
}
