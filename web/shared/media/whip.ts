/** Publishes a camera and a microphone, or a screen, by WHIP. */
import { leaving, sending, type Leaving, type Sending } from './figures.ts';
import { MediaLine, type LineOptions, type MediaState } from './line.ts';

/** What the relay was measured with: a face and a hall are clear, and a commune's line bears it. */
export const BIT_RATE = 1_200_000; // bits a second of the picture

/** Of one picture, the best first: bridges give a viewer the one that his line bears. Half as much again to send. */
const QUALITIES: RTCRtpEncodingParameters[] = [
  { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: BIT_RATE },
  { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 400_000 },
  { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
];

const SILENT = 2_000; // ms: a bridge reports every second, and one report may be lost

export interface PublisherOptions extends LineOptions {
  /** "video/H264" or "video/VP8" goes first, when the browser has it. */
  codec?: () => string;
  /** Whether the picture is sent in several qualities. */
  several?: () => boolean;
}

export class Publisher {
  #line: MediaLine;
  #stream: MediaStream | null = null;
  #left: Leaving[] = [];

  constructor({ codec = () => '', several = () => false, ...options }: PublisherOptions) {
    const prepare = (pc: RTCPeerConnection) => this.#prepare(pc, codec(), several());
    this.#line = new MediaLine({ ...options, prepare, heard: acknowledged, silent: SILENT });
  }

  get state(): MediaState {
    return this.#line.state;
  }

  /** Publishes `stream` from now on. While it runs, the tracks are exchanged without a break; a picture that comes or
   *  goes begins a new session, so that the bridge does not wait for what is not sent. */
  async send(stream: MediaStream): Promise<void> {
    this.#stream = stream;
    const senders = this.#line.pc?.getSenders() ?? [];
    const [sound, picture] = [stream.getAudioTracks()[0], stream.getVideoTracks()[0]];
    if (senders.length === 0) this.#line.start();
    else if (senders.length !== (picture ? 2 : 1)) this.#line.restart();
    else await Promise.all([senders[0]?.replaceTrack(sound ?? null), senders[1]?.replaceTrack(picture ?? null)]);
  }

  /** What leaves since this was asked last. */
  async sent(): Promise<Sending[]> {
    const before = this.#left;
    this.#left = leaving((await this.#line.pc?.getStats()) ?? new Map());
    return sending(this.#left, before);
  }

  stop(): void {
    this.#line.stop();
    this.#stream = null;
  }

  #prepare(pc: RTCPeerConnection, codec: string, several: boolean): void {
    const streams = this.#stream ? [this.#stream] : [];
    const [sound, picture] = [this.#stream?.getAudioTracks()[0], this.#stream?.getVideoTracks()[0]];
    pc.addTransceiver(sound ?? 'audio', { direction: 'sendonly', streams });
    if (!picture) return;
    const sendEncodings = several ? QUALITIES : [{ maxBitrate: BIT_RATE }];
    const video = pc.addTransceiver(picture, { direction: 'sendonly', streams, sendEncodings });
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
