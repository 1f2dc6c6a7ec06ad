import { errorOf } from '../../shared/api.ts';
import type { Device } from './device.ts';

export type Enrolled =
  | { kind: 'ok'; device: Device }
  /** No answer, or none that says anything of the link: try again. */
  | { kind: 'later' }
  | { kind: 'unknown' | 'revoked' | 'full' | 'closed' }
  | { kind: 'refused'; message: string };

const KINDS: Record<string, 'revoked' | 'full' | 'closed'> = {
  link_revoked: 'revoked',
  too_many_devices: 'full',
  point_closed: 'closed',
};

/** Trades the link for a token of this device. Never throws. */
export async function enrol(link: string, label: string, language: string): Promise<Enrolled> {
  let response: Response;
  let text: string;
  try {
    response = await fetch('/api/enrol', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Accept-Language': language,
        'X-Requested-With': 'nhipcau',
      },
      body: JSON.stringify({ link, label }),
    });
    text = await response.text();
  } catch {
    return { kind: 'later' };
  }
  return answerOf(response.status, text);
}

/** What an answer to the request means for the page. */
export function answerOf(status: number, body: string): Enrolled {
  if (status === 200 || status === 201) {
    try {
      const { token, conference, point } = JSON.parse(body) as Device;
      if (typeof token === 'string' && typeof point === 'number') {
        return { kind: 'ok', device: { token, conference, point } };
      }
    } catch {
      // A captive portal's page, most likely: the real server is behind it.
    }
    return { kind: 'later' };
  }
  const { code, message } = errorOf(status, body);
  const kind = KINDS[code];
  if (kind) return { kind };
  if (code.startsWith('http_') || status === 429 || status >= 500) return { kind: 'later' };
  if (status === 404) return { kind: 'unknown' };
  if (status === 410) return { kind: 'revoked' };
  return { kind: 'refused', message };
}
