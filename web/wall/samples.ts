/** Builders for tests: the smallest valid thing of each kind, changed where the test says so. */
import {
  PRESENT, STATUSES,
  type ConferenceView, type PointInfo, type PointRow, type Status, type Tally, type UnitView,
} from '../wire/socket.ts';

export const conference = (title = 'Hội nghị'): ConferenceView => ({
  id: 'c', title, starts_at: 0, phase: 'live', phase_at: 0, place: '', help_phone: '', code: null, code_expires_at: null,
  on_air: null,
});

export const unit = (code: string, parent: string | null = null, name = `Xã ${code}`): UnitView => ({
  code, name, short: name.replace(/^(Xã|Quận|Huyện|Thị trấn|Thành phố) /, ''), kind: 'xã', parent,
});

export const info = (id: number, code: string, more: Partial<PointInfo> = {}): PointInfo => ({
  id, unit: code, title: `Xã ${id}`, short: String(id), seats: 0, expected: 60, room: '', address: '', ...more,
});

export const row = (id: number, more: Partial<PointRow> = {}): PointRow => ({
  id, status: 'none', since: 0, in_room: null, absent_excused: null, absent_unexcused: null, reported_at: null,
  scans: 0, opens: 0, devices: 0, quality: 'unknown', help: null, help_owner: null,
  change: 'added', change_at: 0, change_seq: 0, media: null, ...more,
});

export function tally(code: string, rows: PointRow[]): Tally {
  const of = (status: Status) => rows.filter((one) => one.status === status).length;
  return {
    unit: code, points: rows.length, present: rows.filter((one) => PRESENT.has(one.status)).length, attended: 0,
    reported: 0, expected: 0, declared: 0, absent_excused: 0, absent_unexcused: 0, scans: 0, opens: 0, devices: 0, playing: 0,
    statuses: Object.fromEntries(STATUSES.map((status) => [status, of(status)])) as Record<Status, number>,
  };
}
