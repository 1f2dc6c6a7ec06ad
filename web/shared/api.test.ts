import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Api, ApiError, LongAnswer, address, errorOf, fileName, type Progress } from './api.ts';
import { NdjsonReader } from './ndjson.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

let server: Server;
let base: string;
let seen: Seen;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      answer(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((done) => server.close(done)));

beforeEach(() => {
  answer = (response) => response.end('{}');
});

function reply(status: number, type: string, body: string): void {
  answer = (response) => response.writeHead(status, { 'Content-Type': type }).end(body);
}

async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const cause: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(cause).toBeInstanceOf(ApiError);
  return cause as ApiError;
}

describe('address', () => {
  it('leaves out what is not asked for and repeats lists', () => {
    expect(address('/api/points', { q: 'Đông Anh', after: 0, status: '', unit: null, kind: ['xã', 'phường'] })).toBe(
      '/api/points?q=%C4%90%C3%B4ng+Anh&after=0&kind=x%C3%A3&kind=ph%C6%B0%E1%BB%9Dng',
    );
  });
});

describe('a call', () => {
  it('proves on every change, and only there, that it comes from our own page', async () => {
    const api = new Api({ base, language: () => 'vi' });
    await api.get('/api/session');
    expect(seen.headers['x-requested-with']).toBeUndefined();
    expect(seen.headers['accept-language']).toBe('vi');
    for (const change of [() => api.post('/x', {}), () => api.put('/x', {}), () => api.patch('/x', {}), () => api.delete('/x')]) {
      await change();
      expect(seen.headers['x-requested-with']).toBe('nhipcau');
    }
  });

  it('sends JSON and reads JSON', async () => {
    reply(201, 'application/json', '{"id":"c1"}');
    expect(await new Api({ base }).post('/api/conferences', { title: 'Hội nghị' })).toEqual({ id: 'c1' });
    expect(JSON.parse(seen.body)).toEqual({ title: 'Hội nghị' });
  });

  it('reads an empty answer as nothing', async () => {
    reply(204, 'text/plain', '');
    expect(await new Api({ base }).delete('/api/tokens/1')).toBeUndefined();
  });

  it('carries every part of a refusal', async () => {
    const error = { code: 'bad_value', message: 'Mật khẩu quá ngắn', field: 'password', row: 3, request_id: 'r1' };
    reply(422, 'application/json', JSON.stringify({ error }));
    const cause = await refusal(new Api({ base }).post('/api/setup', {}));
    expect(cause).toMatchObject({ status: 422, code: 'bad_value', field: 'password', row: 3, requestId: 'r1' });
    expect(cause.message).toBe('Mật khẩu quá ngắn');
  });

  it('tells of a session that ended', async () => {
    let ended = 0;
    reply(401, 'application/json', '{"error":{"code":"unauthenticated","message":""}}');
    await refusal(new Api({ base, onUnauthenticated: () => (ended += 1) }).get('/api/units'));
    expect(ended).toBe(1);
  });

  it('names a line that is down', async () => {
    answer = (response) => response.destroy();
    expect(await refusal(new Api({ base }).get('/x'))).toMatchObject({ status: 0, code: 'unreachable' });
  });

  it('tells a request that was given up from one that failed', async () => {
    answer = () => undefined;
    const giveUp = new AbortController();
    const call = refusal(new Api({ base }).get('/x', undefined, giveUp.signal));
    giveUp.abort();
    expect((await call).aborted).toBe(true);
    server.closeAllConnections();
  });
});

describe('a long call', () => {
  const lines = '{"progress":[1,2]}\n{"progress":[2,2]}\n{"report":{"added":2}}\n';

  it('tells its progress, then its report', async () => {
    reply(200, 'application/x-ndjson', lines);
    const steps: Progress[] = [];
    const report = await new Api({ base }).long('/x', {}, { onProgress: (step) => steps.push(step) });
    expect(report).toEqual({ added: 2 });
    expect(steps.map((step) => step.done)).toEqual([1, 2]);
  });

  it('understands a plain answer', async () => {
    reply(200, 'application/json', '{"added":0}');
    expect(await new Api({ base }).long('/x', {})).toEqual({ added: 0 });
  });

  it('fails with what the stream said', async () => {
    reply(200, 'application/x-ndjson', '{"progress":[1,2]}\n{"error":{"code":"lost_race","message":"…"}}\n');
    expect((await refusal(new Api({ base }).long('/x', {}))).code).toBe('lost_race');
  });

  it('does not take a stream that broke off for a success', () => {
    const answer = new LongAnswer<unknown>();
    answer.push('{"progress":[1,2]}\n');
    expect(() => answer.result(200)).toThrow(ApiError);
  });
});

describe('NdjsonReader', () => {
  it.each([1, 2, 3, 7, 100])('reads the same lines from pieces of %d characters', (size) => {
    const text = '{"a":1}\n\n{"b":"đ"}\n{"c":3}';
    const reader = new NdjsonReader();
    const read: unknown[] = [];
    for (let at = 0; at < text.length; at += size) read.push(...reader.push(text.slice(at, at + size)));
    expect([...read, ...reader.end()]).toEqual([{ a: 1 }, { b: 'đ' }, { c: 3 }]);
  });
});

describe('errorOf', () => {
  it.each(['<html>Bad gateway</html>', '', 'null', '[]', '{"error":"text"}'])('makes one error of %j', (body) => {
    expect(errorOf(502, body)).toMatchObject({ status: 502, code: 'http_502' });
  });
});

describe('fileName', () => {
  it.each([
    [null, null],
    ['attachment; filename="a.csv"', 'a.csv'],
    [`attachment; filename="diem.csv"; filename*=UTF-8''%C4%90i%E1%BB%83m.csv`, 'Điểm.csv'],
  ])('%s', (header, name) => {
    expect(fileName(header)).toBe(name);
  });
});
