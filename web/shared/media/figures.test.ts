import { describe, expect, it } from 'vitest';
import { Meter, loudness, presence, totals, type Totals } from './figures.ts';

const none: Totals = {
  sound: 0, pictures: 0, missing: 0, freezes: 0, decoded: 0, energy: 0, seconds: 0, height: 0, codec: '',
};
const of = (more: Partial<Totals>): Totals => ({ ...none, ...more });

it('sums up what a browser counts', () => {
  const stats = new Map<string, object>([
    ['a', { type: 'inbound-rtp', kind: 'audio', packetsReceived: 10, packetsLost: 1, totalAudioEnergy: 0.5, totalSamplesDuration: 2 }],
    ['v', {
      type: 'inbound-rtp', kind: 'video', packetsReceived: 40, packetsLost: -2, freezeCount: 3, framesDecoded: 25,
      frameHeight: 720, codecId: 'c',
    }],
    ['c', { type: 'codec', mimeType: 'video/H264' }],
    ['o', { type: 'outbound-rtp', kind: 'video', packetsSent: 9 }],
  ]);
  expect(totals(stats as unknown as RTCStatsReport)).toEqual({
    sound: 10, pictures: 40, missing: 1, freezes: 3, decoded: 25, energy: 0.5, seconds: 2, height: 720, codec: 'video/H264',
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
    meter.read(of({ decoded: 500, freezes: 2 }));
    meter.anew();
    expect(meter.read(of({ decoded: 20, freezes: 1 }))).toMatchObject({ decoded: 520, freezes: 3 });
  });

  it('calls the line weak when the picture froze, and for as long as the bridge then sends a smaller one', () => {
    const meter = new Meter();
    meter.read(of({ height: 720 }));
    expect(meter.read(of({ height: 720, freezes: 1 })).weak).toBe(true);
    expect(meter.read(of({ height: 720, freezes: 1 })).weak).toBe(false);
    expect(meter.read(of({ height: 360, freezes: 1 })).weak).toBe(true);
    expect(meter.read(of({ height: 360, freezes: 1 })).weak).toBe(true);
    expect(meter.read(of({ height: 720, freezes: 1 })).weak).toBe(false);
  });

  it('does not call it weak when what is shown is another picture', () => {
    const meter = new Meter();
    meter.read(of({ height: 720 }));
    expect(meter.read(of({ height: 360 })).weak).toBe(false);
  });
});

it('is told to the organizers as they can use it', () => {
  const faring = { alive: true, picture: true, loss: 1 / 3, weak: true, level: 90, freezes: 1, decoded: 70 };
  const how = { soundOnly: false, muted: false, pictures: true };
  expect(presence(faring, how)).toEqual({ playing: true, loss: 0.333, freezes: 1, decoded: 70, level: 90, pictures: true });
  expect(presence(faring, { ...how, soundOnly: true, muted: true })).toMatchObject({ decoded: 0, level: 0 });
});
