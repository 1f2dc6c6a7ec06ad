import { devices, hasCamera, listen, problemOf, release, speak, voice, type Chosen, type DeviceProblem, type Listed } from '../../shared/media/devices.ts';
import { loudness } from '../../shared/media/figures.ts';
import type { MediaState } from '../../shared/media/line.ts';
import { Player } from '../../shared/media/whep.ts';
import { Publisher } from '../../shared/media/whip.ts';
import type { Air } from '../../wire/protocol.ts';
import { airScene, type AirScene } from '../model/air.ts';
import { browserStorage, openShelf, type Shelf } from '../model/shelf.ts';
import type { MediaService } from './service.ts';

const HEARD = 25; // of 127: a hall with nobody speaking is below, anybody's voice above
const SILENT = 5_000; // ms without a voice before the room is told to look at its microphone

const [WHOLE, VOICE] = ['1', 'voice']; // how it speaks, as it is kept for a reload

/** The room speaks from this device: camera and microphone, their way to the hall, and what the organizers say to it. */
export class OnAir {
  /** This device of the room is the one that sends. */
  here = $state(false);
  /** This device was the one that sent, in this page or in one that is closed. */
  spoke = $state(false);
  /** By its sound alone: there is no camera, or none that opens. */
  voice = $state(false);
  /** This device has no camera at all. */
  blind = $state(false);
  stream = $state.raw<MediaStream | null>(null);
  problem = $state<DeviceProblem | null>(null);
  line = $state.raw<MediaState>({ kind: 'off' });
  level = $state(0);
  silent = $state(false);
  chosen = $state.raw<Chosen>({});
  cameras = $state.raw<Listed[]>([]);
  microphones = $state.raw<Listed[]>([]);
  talk = $state.raw<MediaStream | null>(null);
  #publisher: Publisher;
  #talk: Player;
  #tab = openShelf(browserStorage('sessionStorage')); // a reload goes on by itself, another tab is asked
  #shelf: Shelf;
  #key: string;
  #opened: (stream: MediaStream | null) => void;
  #air: Air = 'none';
  #round = 0;
  #opening = false;
  #heardAt = 0;
  #deaf: () => void = () => {};

  /** `opened`: what the devices give from now on; null: they are closed again. */
  constructor(
    service: MediaService,
    { point, shelf }: { point: number; shelf: Shelf },
    codec: () => string,
    opened: (stream: MediaStream | null) => void,
  ) {
    this.#shelf = shelf;
    this.#key = `nc:air:${point}`;
    this.#opened = opened;
    this.here = this.#tab.get(this.#key) !== null;
    const before = this.#tab.get(this.#key) ?? shelf.get(this.#key);
    this.spoke = before !== null;
    this.voice = before === VOICE;
    this.#publisher = new Publisher({
      ask: (failed) => service.pass(`point/${point}`, 'publish', failed),
      state: (state) => (this.line = state),
      codec,
    });
    this.#talk = new Player({
      ask: (failed) => service.pass(`talk/${point}`, 'watch', failed),
      state: () => {},
      show: (stream) => (this.talk = stream),
    });
    void this.#talk.choose('sound');
  }

  /** How that looks from this page. `air`: as the room sees it. */
  scene(air: Air): AirScene {
    const { here, stream, problem, line } = this;
    return airScene({ air, here, opened: stream !== null, problem, line });
  }

  /** What the server says became of asking this room. */
  follow(air: Air): void {
    this.#air = air;
    if (air === 'none') this.end();
    else if (this.here && air !== 'asked') this.#go();
  }

  /** A person speaks from here: after the yes, in place of another device, or now with or without the camera. */
  begin(voice = false): void {
    const same = this.voice === voice;
    this.here = this.spoke = true;
    this.voice = voice;
    for (const kept of [this.#tab, this.#shelf]) kept.set(this.#key, voice ? VOICE : WHOLE);
    this.problem = null;
    if (same) this.#go();
    else void this.#open();
  }

  async choose(chosen: Chosen): Promise<void> {
    this.chosen = { ...this.chosen, ...chosen };
    await this.#open();
  }

  end(): void {
    this.here = this.spoke = false;
    for (const kept of [this.#tab, this.#shelf]) kept.remove(this.#key);
    this.#close();
  }

  /** The page goes; the room's yes stays. */
  stop(): void {
    this.#close();
  }

  #go(): void {
    if (!this.stream && !this.#opening && !this.problem) void this.#open();
    else this.#send();
  }

  /** Nothing leaves the room before the server knows its yes. */
  #send(): void {
    if (!this.stream || !this.here || (this.#air !== 'ready' && this.#air !== 'on')) return;
    void this.#publisher.send(this.stream);
    this.#talk.start();
  }

  async #open(): Promise<void> {
    const round = ++this.#round;
    this.#opening = true;
    try {
      // Many phones give no second camera while the first is open.
      if (this.stream) release(this.stream);
      const stream = await (this.voice ? voice(this.chosen.microphone) : speak(this.chosen));
      if (round !== this.#round) return release(stream);
      this.problem = null;
      this.#take(stream, round);
      this.#send();
      [this.cameras, this.microphones] = await Promise.all([devices('videoinput'), devices('audioinput')]);
    } catch (cause) {
      const blind = !this.voice && problemOf(cause) === 'none' && !(await hasCamera());
      if (round !== this.#round) return;
      this.stream = null;
      this.blind = blind;
      this.problem = problemOf(cause);
    } finally {
      if (round === this.#round) this.#opening = false;
    }
  }

  /** Something was unplugged: what else is there, at least the microphone. */
  async #replace(): Promise<void> {
    await this.#open();
    if (this.problem && !this.voice) this.begin(true);
  }

  #take(stream: MediaStream, round: number): void {
    this.stream = stream;
    this.#opened(stream);
    for (const track of stream.getTracks()) track.addEventListener('ended', () => round === this.#round && void this.#replace());
    this.#deaf();
    this.#heardAt = performance.now();
    this.#deaf = listen(stream, (level) => this.#hear(loudness(level)));
  }

  #hear(level: number): void {
    this.level = level;
    const now = performance.now();
    if (level >= HEARD) this.#heardAt = now;
    this.silent = now - this.#heardAt > SILENT;
  }

  #close(): void {
    this.#round += 1;
    this.#opening = false;
    this.#publisher.stop();
    this.#talk.stop();
    this.#deaf();
    this.#deaf = () => {};
    release(this.stream);
    const open = this.stream !== null;
    this.stream = this.talk = null;
    if (open) this.#opened(null);
    this.problem = null;
    this.level = 0;
    this.silent = false;
  }
}
