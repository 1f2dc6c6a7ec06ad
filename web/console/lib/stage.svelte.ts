import { devices, listen, problemOf, release, type DeviceProblem, type Listed } from '../../shared/media/devices.ts';
import type { Sending } from '../../shared/media/figures.ts';
import type { MediaState } from '../../shared/media/line.ts';
import type { MediaPass } from '../../shared/media/session.ts';
import { Publisher } from '../../shared/media/whip.ts';
import { final } from './media.ts';

/** What to take the picture from: a camera by its id, the screen, or nothing. */
export const SCREEN = 'screen';
export const NOTHING = 'nothing';

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { max: 30 } };
/** A hall's sound comes from its mixer: what makes a telephone call clear spoils it. */
const SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** A place that somebody has may be free soon: of one whose line broke, or of this page as it was before a reload. */
export const TRIES = 10;
const TRY_AGAIN = 1_000; // ms
const LOOK = 1_000; // ms between two looks at what leaves

/** How this page published, for its reload to go on with. */
export interface Kept {
  stream: string;
  picture: string;
  sound: string;
  several: boolean;
}

/**
 * What this computer shows of the hall: chosen, looked at, then sent. Devices may be exchanged while it is sent; nobody who
 * watches notices more than the change.
 */
export class Stage {
  preview = $state.raw<MediaStream | null>(null);
  cameras = $state.raw<Listed[]>([]);
  microphones = $state.raw<Listed[]>([]);
  picture = $state('');
  sound = $state('');
  level = $state(0);
  problem = $state<DeviceProblem | null>(null);
  opening = $state(false);
  line = $state.raw<MediaState>({ kind: 'off' });
  /** The server's clock is not asked: it is how long this page has been sending. */
  since = $state(0);
  /** The picture goes out in several qualities, so that weak lines get less. */
  several = $state(true);
  /** What leaves now, each quality by itself. */
  sent = $state.raw<Sending[]>([]);
  readonly #publisher: Publisher;
  #hush: () => void = () => {};
  /** The source that this page published last, and the one it tries now. */
  #own = '';
  #wanted = '';
  #taken: () => Promise<boolean> = async () => false;
  #tries = 0;
  #round = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looks: ReturnType<typeof setInterval> | undefined;

  constructor(ask: (failed: string) => Promise<MediaPass>) {
    this.#publisher = new Publisher({ ask, state: (state) => this.#lineIs(state), several: () => this.several });
  }

  readonly sending = $derived(this.line.kind !== 'off' && this.line.kind !== 'refused');

  /** Takes what is chosen. The first time anything there is, so that the browser names its devices. */
  async open(picture = this.picture, sound = this.sound): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    this.problem = null;
    try {
      const taken = await take(picture, sound);
      release(this.preview);
      this.preview = taken;
      [this.picture, this.sound] = [picture, sound];
      await this.#name(taken);
      this.#measure(taken);
      if (this.sending) await this.#publisher.send(taken);
    } catch (cause) {
      this.problem = problemOf(cause);
    } finally {
      this.opening = false;
    }
  }

  /**
   * `taken`: whether somebody publishes `stream` now. A bridge lets the same person take over from himself, so that he
   * comes back after a break: two of his pages would take it from each other for ever. Who published here before is asked
   * nothing, for what is told of him may be a moment old.
   */
  async start(stream: string, taken: () => Promise<boolean>): Promise<void> {
    this.#wanted = stream;
    this.#taken = taken;
    this.#tries = 0;
    await this.#try();
  }

  /** What this page did before it was loaded again. */
  async resume({ stream, picture, sound, several }: Kept): Promise<void> {
    this.several = several;
    await this.open(picture, sound);
    this.#own = stream;
    await this.start(stream, async () => false);
  }

  get kept(): Kept {
    return { stream: this.#wanted, picture: this.picture, sound: this.sound, several: this.several };
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#round += 1;
    this.#publisher.stop();
    this.line = { kind: 'off' };
  }

  async #try(): Promise<void> {
    const round = ++this.#round;
    const taken = this.#own !== this.#wanted && (await this.#taken());
    if (!this.preview || round !== this.#round) return; // ended meanwhile
    if (taken) this.#again();
    else await this.#publisher.send(this.preview);
  }

  /** Somebody has the place: a few tries, then a person decides. */
  #again(): void {
    this.#tries += 1;
    if (this.#tries > TRIES) {
      this.line = { kind: 'refused', code: 'stream_taken' };
      return;
    }
    this.line = { kind: 'lost', code: 'stream_taken' };
    this.#timer = setTimeout(() => void this.#try(), TRY_AGAIN);
  }

  /** Nothing of this computer is seen or heard any more. */
  close(): void {
    this.stop();
    this.#hush();
    release(this.preview);
    this.preview = null;
    this.level = 0;
  }

  #lineIs(state: MediaState): void {
    if (state.kind === 'open') {
      this.#own = this.#wanted;
      this.#tries = 0;
      this.since ||= Date.now();
    }
    this.#look(state.kind === 'open');
    if (state.kind === 'off' || state.kind === 'refused') this.since = 0;
    // What a person has to decide is not tried again behind his back.
    if (state.kind === 'lost' && final(state.code)) {
      queueMicrotask(() => {
        this.#publisher.stop();
        if (state.code === 'stream_taken') this.#again();
        else this.line = { kind: 'refused', code: state.code };
      });
    }
    this.line = state;
  }

  #look(sends: boolean): void {
    clearInterval(this.#looks);
    this.sent = [];
    if (sends) this.#looks = setInterval(async () => (this.sent = await this.#publisher.sent()), LOOK);
  }

  async #name(taken: MediaStream): Promise<void> {
    [this.cameras, this.microphones] = await Promise.all([devices('videoinput'), devices('audioinput')]);
    const [picture, sound] = [taken.getVideoTracks()[0], taken.getAudioTracks()[0]];
    this.picture ||= picture?.getSettings().deviceId ?? NOTHING;
    this.sound ||= sound?.getSettings().deviceId ?? NOTHING;
    if (this.picture === SCREEN) picture?.addEventListener('ended', () => void this.open(this.cameras[0]?.id ?? NOTHING), { once: true });
  }

  #measure(taken: MediaStream): void {
    this.#hush();
    this.level = 0;
    this.#hush = listen(taken, (level) => (this.level = level));
  }
}

async function take(picture: string, sound: string): Promise<MediaStream> {
  const audio = sound !== NOTHING && { ...SOUND, ...(sound && { deviceId: { exact: sound } }) };
  if (picture === SCREEN) {
    const screen = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 30 } }, audio: false });
    const heard = audio ? await navigator.mediaDevices.getUserMedia({ audio }) : null;
    return new MediaStream([...screen.getVideoTracks(), ...(heard?.getAudioTracks() ?? [])]);
  }
  const video = picture !== NOTHING && { ...PICTURE, ...(picture && { deviceId: { exact: picture } }) };
  if (!audio && !video) return new MediaStream();
  return navigator.mediaDevices.getUserMedia({ audio, video });
}
