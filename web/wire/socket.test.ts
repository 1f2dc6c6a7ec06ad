import { describe, expect, it } from 'vitest';
import { STATUSES, decode } from './socket.ts';

const conference = { id: 'c1', title: 'Hội nghị', starts_at: 10, phase: 'live', phase_at: 11 };

describe('decoding', () => {
  it('names the fields of rows and tallies and fills in what was left out', () => {
    const message = decode(
      JSON.stringify({
        t: 'snapshot', epoch: 'e', seq: 4, now: 5, conference,
        units: [{ code: 'HN', name: 'Thành phố Hà Nội', short: 'Hà Nội' }],
        infos: [{ id: 1, unit: 'HN', title: 'Thành phố Hà Nội', short: 'Hà Nội', expected: 60 }],
        rows: [[1, 'weak', 99, 53, 2, null, 98, 7, 8, 1, 'weak', null, null, 'headcount', 98, 3]],
        tallies: [['', 1, 1, 1, 1, 60, 53, 2, 0, 7, 8, 1, [0, 0, 1, 0, 0, 0, 0, 0, 0]]],
        documents: [{ id: 1, title: 'Đề cương', state: 'released', kind: 'application/pdf', size: 9, name: 'a.pdf', hash: 'h', version: 1, opens: 0 }],
      }),
    );

    if (message?.t !== 'snapshot') throw new Error('not a snapshot');
    expect(message.conference).toEqual({
      ...conference, place: '', help_phone: '', code: null, code_expires_at: null, on_air: null,
    });
    expect(message.units[0]).toMatchObject({ kind: '', parent: null });
    expect(message.infos[0]).toMatchObject({ seats: 0, expected: 60, room: '', address: '' });
    expect(message.rows[0]).toEqual({
      id: 1, status: 'weak', since: 99, in_room: 53, absent_excused: 2, absent_unexcused: null, reported_at: 98, scans: 7,
      opens: 8, devices: 1, quality: 'weak', help: null, help_owner: null, change: 'headcount', change_at: 98, change_seq: 3,
      media: null,
    });
    expect(message.tallies[0]).toMatchObject({ unit: '', points: 1, expected: 60, declared: 53, devices: 1, playing: 0 });
    expect(message.tallies[0]?.statuses).toMatchObject({ weak: 1, help: 0 });
    expect(Object.keys(message.tallies[0]?.statuses ?? {})).toEqual([...STATUSES]);
    expect(message.documents[0]).toMatchObject({ scope: { unit: null, point: null }, release_at: null });
    expect(message.notices).toEqual([]);
  });

  it('leaves the parts of a frame that did not change missing', () => {
    expect(decode('{"t":"frame","seq":4,"now":5,"removed":[3]}')).toEqual({ t: 'frame', seq: 4, now: 5, removed: [3] });
  });

  it('fills in whom a notice is for', () => {
    const message = decode('{"t":"frame","seq":4,"now":5,"notices":[{"id":2,"text":"Giải lao","at":3},{"id":1,"text":"Micro","at":2,"to":"operators","scope":{"unit":"271"}}]}');

    expect(message).toMatchObject({
      notices: [{ id: 2, to: 'all', scope: { unit: null, point: null } }, { to: 'operators', scope: { unit: '271', point: null } }],
    });
  });

  it('fills a call for help and a headcount inside a point', () => {
    const point = {
      id: 1, title: 'Xã A', group: 'Huyện B', room: '', address: '', seats: 0, expected: 0, status: 'help', stage: 'in',
      stage_at: 1, tv: false, line: 'up', closed: false, help: { category: 'line', since: 2 },
    };
    const message = decode(JSON.stringify({ t: 'done', id: 'x', seq: 1, at: 2, point }));

    expect(message).toMatchObject({
      again: false, point: { headcount: null, code: null, help: { category: 'line', since: 2, note: '', owner: null } },
    });
  });

  it('skips a kind of message it does not know', () => {
    expect(decode('{"t":"weather"}')).toBeNull();
  });
});
