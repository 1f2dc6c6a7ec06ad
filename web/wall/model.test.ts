import { describe, expect, it } from 'vitest';
import type { Frame, NoticeView, PointInfo, PointRow, Snapshot, Tally, UnitView } from '../wire/socket.ts';
import { Model } from './model.ts';
import { conference, info, row, tally, unit } from './samples.ts';

/** The server's side: the truth, from which snapshots and frames are taken. */
class Truth {
  seq = 1;
  title = 'Hội nghị';
  degraded = false;
  held = false;
  notices: NoticeView[] = [];
  units: UnitView[] = [unit('HN'), unit('001', 'HN'), unit('002', 'HN')];
  infos = new Map<number, PointInfo>();
  rows = new Map<number, PointRow>();

  add(id: number, code: string): Partial<Frame> {
    this.infos.set(id, info(id, code));
    this.rows.set(id, row(id));
    return { infos: [info(id, code)], rows: [row(id)], tallies: this.tallies() };
  }

  set(id: number, change: Partial<PointRow>): Partial<Frame> {
    const next = { ...row(id), ...this.rows.get(id), ...change };
    this.rows.set(id, next);
    return { rows: [next], tallies: this.tallies() };
  }

  remove(id: number): Partial<Frame> {
    this.infos.delete(id);
    this.rows.delete(id);
    return { removed: [id], tallies: this.tallies() };
  }

  place(code: string): Partial<Frame> {
    this.units = [...this.units, unit(code, 'HN')];
    return { units: this.units };
  }

  rename(title: string): Partial<Frame> {
    this.title = title;
    return { conference: conference(title) };
  }

  degrade(is: boolean): Partial<Frame> {
    this.degraded = this.held = is;
    return { degraded: is, held: is };
  }

  say(...texts: string[]): Partial<Frame> {
    this.notices = texts.map((text, id) => ({ id, text, at: 5, to: 'all', scope: { unit: null, point: null } }));
    return { notices: this.notices };
  }

  tallies(): Tally[] {
    return [tally('', [...this.rows.values()])];
  }

  frame(parts: Partial<Frame>): Frame {
    this.seq += 1;
    return { t: 'frame', seq: this.seq, now: this.seq * 10, ...parts };
  }

  snapshot(): Snapshot {
    return {
      t: 'snapshot', epoch: 'e', seq: this.seq, now: this.seq * 10, conference: conference(this.title), units: this.units,
      infos: [...this.infos.values()], rows: [...this.rows.values()], tallies: this.tallies(), documents: [],
      notices: this.notices,
      degraded: this.degraded,
      held: this.held,
    };
  }
}

const known = (model: Model) => ({
  place: model.place,
  conference: model.conference,
  units: model.units,
  infos: [...model.infos].sort(([a], [b]) => a - b),
  rows: [...model.rows].sort(([a], [b]) => a - b),
  tallies: [...model.tallies],
  documents: model.documents,
  notices: model.notices,
  degraded: model.degraded,
  held: model.held,
});

function begun(): { truth: Truth; model: Model } {
  const truth = new Truth();
  truth.add(1, '001');
  truth.add(2, '002');
  const model = new Model();
  model.welcome({ epoch: 'e', resumed: false });
  model.snapshot(truth.snapshot());
  return { truth, model };
}

describe('the wall knows', () => {
  it('after a snapshot and frames exactly what a fresh snapshot says', () => {
    const { truth, model } = begun();
    const steps = [
      truth.set(1, { status: 'in', since: 20 }),
      truth.add(3, '001'),
      truth.set(3, { status: 'ok', in_room: 54 }),
      truth.remove(2),
      truth.place('003'),
      truth.add(4, '003'),
      truth.rename('Hội nghị toàn quốc'),
      truth.say('Giải lao', 'Vào phòng'),
      truth.degrade(true),
      truth.degrade(false),
      truth.say(),
      truth.say('Vào lại'),
      truth.degrade(true),
      truth.set(3, { status: 'lost', since: 90, devices: 0 }),
    ];
    for (const step of steps) model.frame(truth.frame(step));
    const fresh = new Model();
    fresh.snapshot(truth.snapshot());

    expect(known(model)).toEqual(known(fresh));
  });

  it('nothing of a point that left', () => {
    const { truth, model } = begun();
    const touched = model.frame(truth.frame(truth.remove(2)));

    expect(model.rows.has(2) || model.infos.has(2)).toBe(false);
    expect(touched).toMatchObject({ list: true, rows: [] });
  });

  it('nothing from a frame that is older than what it has', () => {
    const { truth, model } = begun();
    const older: Frame = { t: 'frame', seq: truth.seq - 1, now: 1, rows: [row(1, { status: 'lost' })] };

    expect(model.frame(older)).toBeNull();
    expect(model.rows.get(1)?.status).toBe('none');
  });

  it('presence, which changes rows without a new seq', () => {
    const { truth, model } = begun();
    const presence: Frame = { t: 'frame', seq: truth.seq, now: 99, rows: [row(1, { devices: 2 })] };

    expect(model.frame(presence)).toMatchObject({ rows: [1], list: false });
    expect(model.rows.get(1)?.devices).toBe(2);
  });

  it('to wait for the snapshot when the server began anew, even where its count is smaller', () => {
    const { model } = begun();
    model.welcome({ epoch: 'another', resumed: false });
    const early: Frame = { t: 'frame', seq: 900, now: 99, rows: [row(1, { status: 'lost' })] };

    expect(model.frame(early)).toBeNull();
    const anew = new Truth();
    anew.seq = 0;
    anew.add(7, '002');
    model.snapshot({ ...anew.snapshot(), epoch: 'another' });
    expect([...model.rows.keys()]).toEqual([7]);
    expect(model.place).toEqual({ epoch: 'another', seq: 0, at: 0 });
  });

  it('how to go on where the server resumes', () => {
    const { truth, model } = begun();
    model.welcome({ epoch: 'e', resumed: true });

    expect(model.frame(truth.frame(truth.set(1, { status: 'in' })))).toMatchObject({ rows: [1] });
  });
});

describe('a frame moves tiles', () => {
  it('only when a point comes, goes or changes its unit', () => {
    const { truth, model } = begun();
    const renamed: Frame = { t: 'frame', seq: truth.seq, now: 1, infos: [{ ...info(1, '001'), short: 'Tên mới' }] };
    const elsewhere: Frame = { t: 'frame', seq: truth.seq, now: 1, infos: [info(1, '002')] };

    expect(model.frame(truth.frame(truth.set(1, { status: 'lost' })))?.list).toBe(false);
    expect(model.frame({ ...renamed, seq: truth.seq })).toMatchObject({ list: false, rows: [1] });
    expect(model.frame({ ...elsewhere, seq: truth.seq })?.list).toBe(true);
  });
});
