import { describe, expect, it } from 'vitest';
import { Meter, leaving, loudness, presence, sending, totals, type Totals } from './figures.ts';

const none: Totals = {
  sound: 0, pictures: 0, missing: 0, freezes: 0, decoded: 0, energy: 0, seconds: 0, height: 0, frames: 0, codec: '',
};
const of = (more: Partial<Totals>): Totals => ({ ...none, ...more });

it('sums up what a browser counts', () => {
  const stats = new Map<string, object>([
    ['a', { type: 'inbound-rtp', kind: 'audio', packetsReceived: 10, packetsLost: 1, totalAudioEnergy: 0.5, totalSamplesDuration: 2 }],
    ['v', {
      type: 'inbound-rtp', kind: 'video', packetsReceived: 40, packetsLost: -2, freezeCount: 3, framesDecoded: 25,
      frameHeight: 720, framesPerSecond: 24.6, codecId: 'c',
    }],
    ['c', { type: 'codec', mimeType: 'video/H264' }],
    ['o', { type: 'outbound-rtp', kind: 'video', packetsSent: 9 }],
  ]);
  expect(totals(stats as unknown as RTCStatsReport)).toEqual({
    sound: 10, pictures: 40, missing: 1, freezes: 3, decoded: 25, energy: 0.5, seconds: 2, height: 720, frames: 25, codec: 'video/H264',
  });
});

it.each([[0, 0], [1, 127], [2, 127], [0.1, 85], [0.001, 0], [0.0001, 0]])('a level of %d is %i loud', (level, loud) => {
  expect(loudness(level)).toBe(loud);
});

describe('a meter', () => {
  it('tells what came since it was read last', () => {
    const meter = new Meter();
    meter.read(of({ sound: 100, pictures: 400 }));
    expect(meter.read(of({ sound: 145, pictures: 445, missing: 10, decoded: 60 }))).toMatchObject({
      alive: true, picture: true, loss: 0.1, weak: true, decoded: 60,
    });
    expect(meter.read(of({ sound: 195, pictures: 445, missing: 10, decoded: 60 }))).toMatchObject({
      alive: true, picture: false, loss: 0, weak: false,
    });
    expect(meter.read(of({ sound: 195, pictures: 445, missing: 10, decoded: 60 })).alive).toBe(false);
  });

  it('tells how loud it was on the whole: a beep between two looks is not missed', () => {
    const meter = new Meter();
    meter.read(of({ energy: 1, seconds: 10 }));
    expect(meter.read(of({ energy: 1.04, seconds: 14 })).level).toBe(loudness(0.1));
    expect(meter.read(of({ energy: 1.04, seconds: 14 })).level).toBe(0);
  });

  it('goes on counting over the next session', () => {
    const meter = new Meter();
    meter.read(of({ decoded: 500, freezes: 2, frames: 25 }));
    meter.anew();
    expect(meter.read(of({ decoded: 20, freezes: 1, frames: 25 }))).toMatchObject({ decoded: 520, freezes: 3 });
  });

  it('calls the line weak when the picture froze, and for as long as the bridge then sends a smaller one', () => {
    const meter = new Meter();
    meter.read(of({ height: 720, frames: 25 }));
    expect(meter.read(of({ height: 720, frames: 25, freezes: 1 })).weak).toBe(true);
    expect(meter.read(of({ height: 720, frames: 25, freezes: 1 })).weak).toBe(false);
    expect(meter.read(of({ height: 360, frames: 25, freezes: 1 })).weak).toBe(true);
    expect(meter.read(of({ height: 360, frames: 25, freezes: 1 })).weak).toBe(true);
    expect(meter.read(of({ height: 720, frames: 25, freezes: 1 })).weak).toBe(false);
  });

  it('counts no freezes of a still that is sent once a second, and those of a picture that moves', () => {
    const meter = new Meter();
    meter.read(of({ frames: 1 }));
    expect(meter.read(of({ frames: 1, freezes: 2 }))).toMatchObject({ freezes: 0, weak: false });
    expect(meter.read(of({ frames: 25, freezes: 2 }))).toMatchObject({ freezes: 0, weak: false });
    expect(meter.read(of({ frames: 2, freezes: 3 }))).toMatchObject({ freezes: 1, weak: true });
    expect(meter.read(of({ frames: 2, freezes: 4 }))).toMatchObject({ freezes: 1, weak: false });
  });

  it('does not call it weak when what is shown is another picture', () => {
    const meter = new Meter();
    meter.read(of({ height: 720 }));
    expect(meter.read(of({ height: 360 })).weak).toBe(false);
  });
});

it('is told to the organizers as they can use it', () => {
  const faring = { alive: true, picture: true, loss: 1 / 3, weak: true, level: 90, freezes: 1, decoded: 70, frames: 25 };
  const how = { soundOnly: false, muted: false };
  expect(presence(faring, how)).toEqual({ playing: true, loss: 0.333, freezes: 1, decoded: 70, frames: 25, level: 90 });
  expect(presence(faring, { soundOnly: true, muted: true })).toMatchObject({ decoded: 0, frames: 0, level: 0 });
});

it('tells which qualities leave, and at what rate', () => {
  const outbound = (rid: string, frameWidth: number, bytesSent: number, timestamp: number) =>
    ({ type: 'outbound-rtp', kind: 'video', rid, frameWidth, frameHeight: 9, framesPerSecond: 30, bytesSent, timestamp });
  const stats = (...rows: object[]) => new Map(rows.map((row, i) => [String(i), row])) as unknown as RTCStatsReport;
  const before = leaving(stats(outbound('l', 320, 0, 1_000), { type: 'outbound-rtp', kind: 'audio' }, outbound('h', 1280, 500, 1_000)));
  expect(before.map((one) => one.rid)).toEqual(['h', 'l']);
  const now = leaving(stats(outbound('l', 320, 0, 3_000), outbound('h', 1280, 250_500, 3_000), outbound('m', 640, 9, 3_000)));
  expect(sending(now, before).map(({ rid, rate }) => [rid, rate])).toEqual([['h', 1_000_000], ['m', 0], ['l', 0]]);
});
