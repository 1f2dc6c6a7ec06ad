/** What a browser counts of a session, and how a player fares by it. Pure. */
import type { MediaFigures } from '../../wire/protocol.ts';

/** Sums since the session began, `energy` of the sound over `seconds` of it; `height` in pixels is as of now. */
export interface Totals {
  sound: number;
  pictures: number;
  missing: number;
  freezes: number;
  decoded: number;
  energy: number;
  seconds: number;
  height: number;
  /** Shown in the last second. */
  frames: number;
  /** "video/VP8", "video/H264"; empty while no picture is known. */
  codec: string;
}

const QUIETEST = -60; // dB below full scale: a silent hall's air conditioning, told as silence
const LEVELS = 127;
const REMEMBERED = 5; // looks: a bridge sends less only after several bad reports
const MOST_FRAMES = 240; // a second, that can be told
const MOVING = 5; // frames a second: a still that is sent once a second stands still by intent, whatever a browser counts
const BAD_LOSS = 0.05; // of packets: above it sound begins to break

const NOTHING: Totals = {
  sound: 0, pictures: 0, missing: 0, freezes: 0, decoded: 0, energy: 0, seconds: 0, height: 0, frames: 0, codec: '',
};

export function totals(stats: RTCStatsReport): Totals {
  const found = { ...NOTHING };
  for (const one of stats.values() as Iterable<RTCInboundRtpStreamStats>) {
    if (one.type !== 'inbound-rtp') continue;
    found.missing += Math.max(0, one.packetsLost ?? 0);
    if (one.kind === 'audio') {
      found.sound += one.packetsReceived ?? 0;
      found.energy += one.totalAudioEnergy ?? 0;
      found.seconds += one.totalSamplesDuration ?? 0;
    } else {
      found.pictures += one.packetsReceived ?? 0;
      found.freezes += one.freezeCount ?? 0;
      found.decoded += one.framesDecoded ?? 0;
      found.height = one.frameHeight ?? 0;
      found.frames = Math.round(one.framesPerSecond ?? 0);
      found.codec = (stats.get(one.codecId ?? '') as { mimeType?: string } | undefined)?.mimeType ?? '';
    }
  }
  return found;
}

/** How loud, from 0 (silence) to 127: even steps to the ear. `level` from 0 to 1 as browsers tell it. */
export function loudness(level: number): number {
  if (level <= 0) return 0;
  const share = 1 - (20 * Math.log10(Math.min(1, level))) / QUIETEST;
  return Math.round(Math.max(0, share) * LEVELS);
}

/** How a player fares since it was looked at last. */
export interface Faring {
  /** Anything came; a picture came. */
  alive: boolean;
  picture: boolean;
  loss: number;
  /** The line cannot bear it: packets were lost, the picture froze, or the bridge sends less than before. */
  weak: boolean;
  level: number;
  freezes: number;
  decoded: number;
  frames: number;
}

/** Follows a player over all its sessions, each of which counts from nothing. */
export class Meter {
  #before = NOTHING;
  #freezes = 0;
  #decoded = 0;
  #trouble = 0; // looks for which trouble with the line is remembered
  #lowered = false;

  /** The next session counts from nothing. */
  anew(): void {
    this.#before = NOTHING;
    this.#trouble = 0;
    this.#lowered = false;
  }

  read(now: Totals): Faring {
    const before = this.#before;
    this.#before = now;
    const [came, pictures] = [now.sound + now.pictures - before.sound - before.pictures, now.pictures - before.pictures];
    const missing = Math.max(0, now.missing - before.missing);
    const loss = missing === 0 ? 0 : missing / (missing + Math.max(0, came));
    // What froze moved before: a long freeze ends within a look of few frames.
    const moves = Math.max(now.frames, before.frames) > MOVING;
    const froze = moves ? Math.max(0, now.freezes - before.freezes) : 0;
    this.#freezes += froze;
    this.#decoded += Math.max(0, now.decoded - before.decoded);
    const troubled = loss > BAD_LOSS || froze > 0;
    this.#trouble = troubled ? REMEMBERED : Math.max(0, this.#trouble - 1);
    this.#judge(now.height, before.height);
    const seconds = now.seconds - before.seconds;
    const level = seconds > 0 ? Math.sqrt(Math.max(0, now.energy - before.energy) / seconds) : 0;
    return {
      alive: came > 0, picture: pictures > 0, loss, weak: troubled || this.#lowered,
      level: loudness(level), freezes: this.#freezes, decoded: this.#decoded, frames: now.frames,
    };
  }

  /** A picture may be of another size because a room is shown. After trouble with the line it is the bridge's doing. */
  #judge(height: number, before: number): void {
    if (height > before) this.#lowered = false;
    else if (height > 0 && height < before && this.#trouble > 0) this.#lowered = true;
  }
}

/** As presence tells it. Of sound alone there are no frames; what is muted in the room is silent there. */
export function presence(faring: Faring, how: { soundOnly: boolean; muted: boolean }): MediaFigures {
  return {
    playing: faring.alive,
    loss: Math.round(faring.loss * 1_000) / 1_000,
    freezes: faring.freezes,
    decoded: how.soundOnly ? 0 : faring.decoded,
    frames: how.soundOnly ? 0 : Math.min(MOST_FRAMES, faring.frames),
    level: how.muted ? 0 : faring.level,
  };
}

/** One quality of a picture as it leaves: `octets` so far, `at` in ms. */
export interface Leaving {
  rid: string;
  width: number;
  height: number;
  frames: number;
  octets: number;
  at: number;
}

/** `rate` in bits a second; 0: it is not sent now, for the line or the computer does not bear it. */
export type Sending = Pick<Leaving, 'rid' | 'width' | 'height' | 'frames'> & { rate: number };

/** The largest first. */
export function leaving(stats: RTCStatsReport): Leaving[] {
  const found: Leaving[] = [];
  for (const one of stats.values() as Iterable<RTCOutboundRtpStreamStats>) {
    if (one.type !== 'outbound-rtp' || one.kind !== 'video') continue;
    found.push({
      rid: one.rid ?? '', width: one.frameWidth ?? 0, height: one.frameHeight ?? 0, at: one.timestamp,
      frames: Math.round(one.framesPerSecond ?? 0), octets: one.bytesSent ?? 0,
    });
  }
  return found.sort((a, b) => b.width - a.width || a.rid.localeCompare(b.rid));
}

export function sending(now: readonly Leaving[], before: readonly Leaving[]): Sending[] {
  return now.map(({ rid, width, height, frames, octets, at }) => {
    const last = before.find((one) => one.rid === rid);
    const rate = last && at > last.at ? Math.max(0, (8_000 * (octets - last.octets)) / (at - last.at)) : 0;
    return { rid, width, height, frames, rate };
  });
}
