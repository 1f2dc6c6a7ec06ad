import { describe, expect, it } from 'vitest';
import { describeDevice, keepDevice, knownDevice, linkOf, scopeOf } from './device.ts';
import { answerOf } from './enrol.ts';
import { openShelf } from './shelf.ts';
import { Disk } from './testkit.ts';

const LINK = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

describe('the link in the path', () => {
  it.each([
    [`/O/${LINK}`, LINK],
    [`/o/${LINK.toLowerCase()}`, LINK],
    [`/O/${LINK}/`, LINK],
    [`/O/${LINK.replace('0', 'O').replaceAll('1', 'l')}`, LINK],
    ['/O/', null],
    [`/O/${LINK}X`, null],
    [`/O/${LINK.slice(1)}!`, null],
    [`/D/${LINK}`, null],
  ])('%s', (path, link) => {
    expect(linkOf(path)).toBe(link);
  });
});

describe('the device', () => {
  it('is known again by its link, and its room by conference and point', () => {
    const shelf = openShelf(new Disk());
    const device = { token: 'T', conference: 'C', point: 12 };
    keepDevice(shelf, LINK, device);
    expect(knownDevice(shelf, LINK)).toEqual(device);
    expect(scopeOf(device)).toBe('C:12');
  });

  it('is not taken from a damaged note', () => {
    const disk = new Disk();
    disk.setItem(`nc:link:${LINK}`, '{"token":1}');
    expect(knownDevice(openShelf(disk), LINK)).toBeNull();
  });

  it.each([
    ['Mozilla/5.0 (Linux; Android 13; SM-A037F) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36', 'Android · Chrome'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1', 'iPhone · Safari'],
    ['Mozilla/5.0 (Linux; Android 11; Redmi) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 Zalo android/12', 'Android · Zalo'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0', 'Windows · Edge'],
    ['curl/8', 'Web'],
  ])('%s', (agent, label) => {
    expect(describeDevice(agent)).toBe(label);
  });
});

describe('the answer to the link', () => {
  const error = (code: string) => JSON.stringify({ error: { code, message: 'Lời của máy chủ' } });

  it.each<[number, string, object]>([
    [200, '{"token":"T","conference":"C","point":12}', { kind: 'ok', device: { token: 'T', conference: 'C', point: 12 } }],
    [200, '<html>Đăng nhập Wi-Fi</html>', { kind: 'later' }],
    [404, '<html>Not found</html>', { kind: 'later' }],
    [404, error('not_found'), { kind: 'unknown' }],
    [403, error('link_revoked'), { kind: 'revoked' }],
    [409, error('too_many_devices'), { kind: 'full' }],
    [409, error('point_closed'), { kind: 'closed' }],
    [429, error('too_many_requests'), { kind: 'later' }],
    [503, error('unavailable'), { kind: 'later' }],
    [400, error('bad_input'), { kind: 'refused', message: 'Lời của máy chủ' }],
  ])('%d %s', (status, body, expected) => {
    expect(answerOf(status, body)).toEqual(expected);
  });
});
