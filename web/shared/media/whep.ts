/** Watches a stream by WHEP. */
import { Meter, totals, type Faring } from './figures.ts';
import { MediaLine, type LineOptions, type MediaState } from './line.ts';

const SILENT = 1_500; // ms: even the slate says something four times a second

export interface PlayerOptions extends LineOptions {
  /** What to show, new for each session; the last picture of the one before stands until then. */
  show: (stream: MediaStream) => void;
}

export class Player {
  #line: MediaLine;
  #meter = new Meter();
  #soundOnly = false;
  #codec = '';

  constructor({ show, ...options }: PlayerOptions) {
    this.#line = new MediaLine({
      ...options,
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

  get soundOnly(): boolean {
    return this.#soundOnly;
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

  /** Without the picture a tenth of the line is enough. A bridge that cannot leave it out is joined anew for the sound. */
  async listen(soundOnly: boolean): Promise<void> {
    if (soundOnly === this.#soundOnly) return;
    this.#soundOnly = soundOnly;
    const { session } = this.#line;
    const pictured = this.#line.pc?.getTransceivers().some((one) => one.receiver.track.kind === 'video');
    const done = pictured && session && (await session.choose(soundOnly ? 'sound' : null));
    if (!done && session === this.#line.session && soundOnly === this.#soundOnly) this.#line.restart();
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

  #prepare(pc: RTCPeerConnection, show: (stream: MediaStream) => void): void {
    this.#meter.anew();
    const stream = new MediaStream();
    pc.ontrack = ({ track }) => {
      stream.addTrack(track);
      show(stream);
    };
    pc.addTransceiver('audio', { direction: 'recvonly' });
    if (!this.#soundOnly) pc.addTransceiver('video', { direction: 'recvonly' });
  }
}
