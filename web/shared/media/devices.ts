/** Cameras and microphones: asking for them, telling them apart, and how loud it is. */

/** `denied`: by a person or the system; `none`: there is no such device; `busy`: another programme holds it. */
export type DeviceProblem = 'denied' | 'none' | 'busy' | 'insecure';

export interface Chosen {
  camera?: string;
  microphone?: string;
}

export interface Listed {
  id: string;
  name: string;
}

/** Browsers give a camera to pages over https alone; elsewhere there is nothing to ask. */
export function problemOf(cause: unknown): DeviceProblem {
  if (!globalThis.navigator?.mediaDevices) return 'insecure';
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'busy';
}

const exactly = (id: string | undefined): { deviceId?: { exact: string } } => (id ? { deviceId: { exact: id } } : {});

/** A hall's sound without the echo of its own loudspeakers. */
const SPOKEN = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** The picture of a hall for others to watch, and its sound. */
export function speak({ camera, microphone }: Chosen): Promise<MediaStream> {
  return ask({
    video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { max: 30 }, ...exactly(camera) },
    audio: { ...SPOKEN, ...exactly(microphone) },
  });
}

/** The sound alone. */
export function voice(microphone?: string): Promise<MediaStream> {
  return ask({ audio: { ...SPOKEN, ...exactly(microphone) } });
}

/** Whether the device has a camera at all, as far as a browser tells those that it has not let in yet. */
export async function hasCamera(): Promise<boolean> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.some((one) => one.kind === 'videoinput');
}

/** A camera that is only looked at now and then. */
export function glimpse(camera?: string): Promise<MediaStream> {
  return ask({ video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { max: 10 }, ...exactly(camera) } });
}

/** A device that was unplugged since it was chosen is as if none had been. */
async function ask(wanted: MediaStreamConstraints): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia(wanted);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'OverconstrainedError') throw cause;
    return navigator.mediaDevices.getUserMedia({ audio: !!wanted.audio, video: !!wanted.video });
  }
}

export function release(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Names are known only once a device was given. */
export async function devices(kind: 'videoinput' | 'audioinput'): Promise<Listed[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((one) => one.kind === kind && one.label).map(({ deviceId: id, label: name }) => ({ id, name }));
}

/** How loud `stream` is, from 0 to 1, told by `tell` for as long as the returned function was not called. */
export function listen(stream: MediaStream, tell: (level: number) => void, every = 100): () => void {
  if (stream.getAudioTracks().length === 0) return () => {};
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    tell(Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
  }, every);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
