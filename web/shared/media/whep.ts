/** Watches a stream by WHEP. */
import { Meter, totals, type Faring } from './figures.ts';
import { MediaLine, type LineOptions, type MediaState } from './line.ts';
import type { Quality } from './session.ts';

const SILENT = 1_500; // ms: even the slate says something four times a second

export interface PlayerOptions extends LineOptions {
  /** What to show, new for each session; the last picture of the one before stands until then. */
  show: (stream: MediaStream) => void;
}

export class Player {
  #line: MediaLine;
  #meter = new Meter();
  #quality: Quality = null;
  #codec = '';

  constructor({ show, state, ...options }: PlayerOptions) {
    this.#line = new MediaLine({
      ...options,
      state: (now) => {
        state(now);
        // A new session begins with what the line bears, and hears no wish before it is connected.
        if (now.kind === 'open' && this.#quality !== null && this.#pictured) void this.#line.session?.choose(this.#quality);
      },
      prepare: (pc) => this.#prepare(pc, show),
      heard: (stats) => {
        const { sound, pictures } = totals(stats);
        return sound + pictures;
      },
      silent: SILENT,
    });
  }

  get state(): MediaState {
    return this.#line.state;
  }

  /** What the picture is coded with, as "video/H264"; empty before the first. */
  get codec(): string {
    return this.#codec;
  }

  start(): void {
    this.#line.start();
  }

  stop(): void {
    this.#line.stop();
  }

  hurry(): void {
    this.#line.hurry();
  }

  /** Without the picture a tenth of the line is enough. A bridge that cannot leave it out is joined anew for the sound;
   *  of one that does not choose at all the picture is as it comes. */
  async choose(quality: Quality): Promise<void> {
    const before = this.#quality;
    if (quality === before) return;
    this.#quality = quality;
    const { session } = this.#line;
    const done = this.#pictured && session && (await session.choose(quality));
    const sound = quality === 'sound' || before === 'sound';
    if (!done && sound && session === this.#line.session && quality === this.#quality) this.#line.restart();
  }

  /** How it fares since this was asked last; null while there is no session. */
  async fares(): Promise<Faring | null> {
    const { pc } = this.#line;
    if (!pc) return null;
    const found = totals(await pc.getStats());
    if (pc !== this.#line.pc) return null;
    this.#codec = found.codec || this.#codec;
    return this.#meter.read(found);
  }

  /** The session may carry a picture. */
  get #pictured(): boolean {
    return this.#line.pc?.getTransceivers().some((one) => one.receiver.track.kind === 'video') ?? false;
  }

  #prepare(pc: RTCPeerConnection, show: (stream: MediaStream) => void): void {
    this.#meter.anew();
    const stream = new MediaStream();
    pc.ontrack = ({ track }) => {
      stream.addTrack(track);
      show(stream);
    };
    pc.addTransceiver('audio', { direction: 'recvonly' });
    if (this.#quality !== 'sound') pc.addTransceiver('video', { direction: 'recvonly' });
  }
}
