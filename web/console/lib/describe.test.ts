import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe as suite, expect, it } from 'vitest';
import { texts as vi } from '../texts/vi.ts';
import { EVENT_KINDS, actor, describe, describeHere, type Naming } from './describe.ts';
import type { EventBody, JournalEvent } from './types.ts';

const naming: Naming = {
  t: vi, language: 'vi', point: (id) => (id === 7 ? 'Phúc Xá' : `số ${id}`), document: () => 'Nghị quyết',
};

const event = (body: EventBody): JournalEvent => ({ seq: 1, at: 0, by: 'system', body });
const said = (body: EventBody): string => describe(event(body), naming);

/** The kinds of the wire, read from its source: a new one must get a sentence and a filter. */
function wireKinds(): string[] {
  const path = fileURLToPath(new URL('../../../server/protocol/events.py', import.meta.url));
  const union = /^EventBody = \(([\s\S]*?)\)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  return [...union.matchAll(/[A-Z]\w+/g)].map(([name]) => name.replace(/(?<!^)(?=[A-Z])/g, '_').toLowerCase());
}

suite('describe', () => {
  it('knows every kind of event the server writes, and no other', () => {
    const kinds = wireKinds();
    expect(kinds.length).toBeGreaterThan(30);
    expect(Object.values(EVENT_KINDS).flat().toSorted()).toEqual(kinds.toSorted());
    for (const type of kinds) expect(said({ type }), type).not.toBe(vi.events.other(type));
  });

  it.each<[EventBody, string]>([
    [{ type: 'headcount_reported', point: 7, in_room: 53 }, 'Phúc Xá: báo 53 người dự'],
    [
      { type: 'headcount_reported', point: 7, in_room: 53, absent_excused: 2, absent_unexcused: 0 },
      'Phúc Xá: báo 53 người dự (vắng 2 có lý do, 0 không lý do)',
    ],
    [{ type: 'ready_set', point: 7, ready: false }, 'Phúc Xá: chưa sẵn sàng'],
    [{ type: 'ready_set', point: 7 }, 'Phúc Xá: sẵn sàng'],
    [{ type: 'links_renewed', points: null }, 'cấp lại đường dẫn: mọi điểm cầu'],
    [{ type: 'links_renewed' }, 'cấp lại đường dẫn: mọi điểm cầu'],
    [{ type: 'links_renewed', points: [7] }, 'cấp lại đường dẫn: Phúc Xá'],
    [{ type: 'points_edited', edits: [{ point: 7 }, { point: 8 }] }, 'sửa 2 điểm cầu'],
    [{ type: 'points_merged', into: 7, points: [8] }, 'gộp số 8 vào Phúc Xá'],
    [{ type: 'scans_counted', minute: 0, rows: [[7, 0, 'scan', 3], [7, 1, 'open', 2]] }, 'đếm 5 lượt quét và mở'],
    [{ type: 'code_issued', code: 'X' }, 'cấp mã tài liệu: cả hội nghị'],
    [{ type: 'from_the_future' }, 'việc khác (from_the_future)'],
  ])('%j', (body, text) => {
    expect(said(body)).toBe(text);
  });

  it('leaves the name out where it goes without saying', () => {
    const here = (body: EventBody) => describeHere(event(body), naming);
    expect(here({ type: 'checked_in', point: 7 })).toBe('Vào phòng');
    expect(here({ type: 'links_renewed', points: [7] })).toBe('Cấp lại đường dẫn');
  });
});

suite('actor', () => {
  it.each([
    ['account:8', 'Tài khoản 8'],
    ['token:4', 'Mã truy cập 4'],
    ['system', 'Hệ thống'],
    ['robot:9', 'robot:9'],
  ])('%s', (by, name) => {
    expect(actor(by, vi)).toBe(name);
  });
});
