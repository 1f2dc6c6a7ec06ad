/** The other ends of a media line, as far as a page sees them: a browser's connection, and bridges over HTTP. */
import { ApiError } from '../api.ts';
import type { MediaPass } from './session.ts';

type Row = Record<string, unknown> & { type: string };

/** Chromium's connection without media: what it was asked, and what it would count. */
export class Peer {
  static all: Peer[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  closed = false;
  configuration: RTCConfiguration = {};
  transceivers: { kind: string; track: unknown; codecs: { mimeType: string }[]; rids: (string | undefined)[] }[] = [];
  sound = 0;
  pictures = 0;
  extra: Record<string, Row> = {};
  ontrack: ((event: { track: unknown }) => void) | null = null;

  constructor() {
    Peer.all.push(this);
  }

  static get last(): Peer {
    return Peer.all.at(-1)!;
  }

  addTransceiver(what: string | { kind: string }, { sendEncodings = [] }: RTCRtpTransceiverInit = {}) {
    const kind = typeof what === 'string' ? what : what.kind;
    const one = {
      kind, track: what, codecs: [] as { mimeType: string }[], rids: sendEncodings.map((one) => one.rid),
      receiver: { track: { kind } },
      setCodecPreferences: (codecs: { mimeType: string }[]) => (one.codecs = codecs),
    };
    this.transceivers.push(one);
    return one;
  }

  getTransceivers() {
    return this.transceivers;
  }

  getSenders() {
    return this.transceivers.map((one) => ({ replaceTrack: async (track: unknown) => (one.track = track) }));
  }

  createOffer = async () => ({ type: 'offer', sdp: `offer of ${this.transceivers.map((one) => one.kind).join('+')}` });
  getConfiguration = () => this.configuration;
  setConfiguration = (configuration: RTCConfiguration) => (this.configuration = configuration);
  setLocalDescription = async () => {};

  async setRemoteDescription() {
    this.connectionState = 'connected';
    for (const { kind } of this.transceivers) this.ontrack?.({ track: { kind } });
  }

  async getStats(): Promise<Map<string, Row>> {
    const rows: Record<string, Row> = {
      sound: { type: 'inbound-rtp', kind: 'audio', packetsReceived: this.sound },
      picture: { type: 'inbound-rtp', kind: 'video', packetsReceived: this.pictures },
      ...this.extra,
    };
    return new Map(Object.entries(rows));
  }

  close(): void {
    this.closed = true;
    this.connectionState = 'closed';
  }

  /** Media comes for as long as the connection stands. */
  flows(): void {
    if (!this.closed && this.connectionState === 'connected') {
      this.sound += 50;
      this.pictures += 100;
    }
  }
}

/** Bridges by name; `dead` ones take no connection. */
export class Bridges {
  dead = new Set<string>();
  refuses: { status: number; code: string } | null = null;
  qualities = true;
  gone = false;
  offers: string[] = [];
  said: string[] = [];
  chosen: unknown[] = []; // qualities by hand, as they were asked for
  asked: string[] = []; // what was named as failed, by each question for an address
  service: ApiError | null = null;
  #sessions = 0;

  ask = async (failed: string): Promise<MediaPass> => {
    this.asked.push(failed);
    if (this.service) throw this.service;
    const bridge = failed === 'north' ? 'south' : 'north';
    return { url: `https://${bridge}.example/whep/c1/programme`, token: 'key', until: Date.now() + 60_000, bridge };
  };

  fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { host, pathname } = new URL(url);
    const method = init.method ?? 'GET';
    if (this.dead.has(host.split('.')[0]!)) throw new TypeError('Failed to fetch');
    this.said.push(`${method} ${host.split('.')[0]}${pathname}`);
    if (pathname.endsWith('/quality')) this.chosen.push((JSON.parse(String(init.body)) as { quality: unknown }).quality);
    if (method === 'POST' && pathname.endsWith('/quality')) return new Response(null, { status: this.qualities ? 204 : 404 });
    if (method === 'POST') return this.#open(String(init.body));
    return new Response(null, { status: this.gone ? 404 : 204 });
  };

  #open(offer: string): Response {
    if (this.refuses) {
      const { status, code } = this.refuses;
      return Response.json({ error: { code, message: code } }, { status });
    }
    this.offers.push(offer);
    const headers = { Location: `/session/${++this.#sessions}`, Link: '<stun:stun.example:3478>; rel="ice-server"' };
    return new Response('answer', { status: 201, headers });
  }
}
