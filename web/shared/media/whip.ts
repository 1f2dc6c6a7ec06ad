/** Publishes a camera and a microphone, or a screen, by WHIP. */
import { MediaLine, type LineOptions, type MediaState } from './line.ts';

/** What the relay was measured with: a face and a hall are clear, and a commune's line bears it. */
export const BIT_RATE = 1_200_000; // bits a second of the picture

export interface PublisherOptions extends LineOptions {
  /** "video/H264" or "video/VP8" goes first, when the browser has it. */
  codec?: () => string;
}

export class Publisher {
  #line: MediaLine;
  #stream: MediaStream | null = null;

  constructor({ codec = () => '', ...options }: PublisherOptions) {
    this.#line = new MediaLine({ ...options, prepare: (pc) => this.#prepare(pc, codec()), heard: acknowledged });
  }

  get state(): MediaState {
    return this.#line.state;
  }

  /** Publishes `stream` from now on. While it runs, the tracks are exchanged without a break. */
  async send(stream: MediaStream): Promise<void> {
    this.#stream = stream;
    const senders = this.#line.pc?.getSenders() ?? [];
    const [sound, picture] = [stream.getAudioTracks()[0], stream.getVideoTracks()[0]];
    if (senders.length === 0) this.#line.start();
    else await Promise.all([senders[0]?.replaceTrack(sound ?? null), senders[1]?.replaceTrack(picture ?? null)]);
  }

  stop(): void {
    this.#line.stop();
    this.#stream = null;
  }

  #prepare(pc: RTCPeerConnection, codec: string): void {
    const streams = this.#stream ? [this.#stream] : [];
    const [sound, picture] = [this.#stream?.getAudioTracks()[0], this.#stream?.getVideoTracks()[0]];
    pc.addTransceiver(sound ?? 'audio', { direction: 'sendonly', streams });
    const sendEncodings = [{ maxBitrate: BIT_RATE }];
    const video = pc.addTransceiver(picture ?? 'video', { direction: 'sendonly', streams, sendEncodings });
    const known = RTCRtpSender.getCapabilities?.('video')?.codecs ?? [];
    const first = known.filter((one) => one.mimeType === codec);
    if (first.length > 0) video.setCodecPreferences([...first, ...known.filter((one) => one.mimeType !== codec)]);
  }
}

/** The other side's reports, and its answers to the checks of the line: a publisher hears nothing else. */
export function acknowledged(stats: RTCStatsReport): number {
  let heard = 0;
  for (const one of stats.values() as Iterable<RTCStats & { responsesReceived?: number }>) {
    if (one.type === 'candidate-pair') heard += one.responsesReceived ?? 0;
    if (one.type === 'remote-inbound-rtp') heard += one.timestamp;
  }
  return heard;
}
