import { afterEach, describe, expect, it, vi } from 'vitest';
import { MediaService } from './service.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = (response: Response | Error) => {
  const fetching = vi.fn(async (_path: string, _init: RequestInit) => {
    if (response instanceof Error) throw response;
    return response;
  });
  vi.stubGlobal('fetch', fetching);
  return fetching;
};

describe('a room asks the service', () => {
  const service = new MediaService('token');

  it('for an address, naming the bridge that failed it', async () => {
    const given = { url: 'https://b/whep/c/programme', token: 'pass', until: 1, bridge: 'b' };
    const fetching = answering(Response.json(given));
    expect(await service.pass('programme', 'watch', 'a')).toEqual(given);
    const [path, init] = fetching.mock.calls[0]!;
    expect(path).toBe('/api/point/media');
    expect(JSON.parse(String(init.body))).toEqual({ stream: 'programme', act: 'watch', failed: 'a' });
    expect(init.headers).toMatchObject({ Authorization: 'Bearer token' });
  });

  it('and hears why there is none', async () => {
    answering(Response.json({ error: { code: 'no_bridge', message: '' } }, { status: 503 }));
    await expect(service.pass('programme', 'watch', '')).rejects.toMatchObject({ status: 503, code: 'no_bridge' });
    answering(new TypeError('Failed to fetch'));
    await expect(service.pass('programme', 'watch', '')).rejects.toMatchObject({ status: 0, code: 'unreachable' });
  });

  it.each([[204, true], [409, true], [429, true], [503, true], [401, false], [404, false], [400, false]])(
    'a picture that is answered with %i: further ones %s',
    async (status, wanted) => {
      answering(new Response(null, { status }));
      expect(await service.show(new Blob(['jpeg']))).toBe(wanted);
    },
  );

  it('a picture that is lost on the way is followed by the next', async () => {
    answering(new TypeError('Failed to fetch'));
    expect(await service.show(new Blob(['jpeg']))).toBe(true);
  });
});
