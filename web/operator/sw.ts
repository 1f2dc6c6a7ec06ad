/**
 * Keeps the shell of the operator's page, so that a reload without a line opens the room: the page itself comes
 * from the network when it answers in time, its hashed parts from the cache. It never touches the API or the socket.
 */

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Told extends Extendable {
  readonly data: { page?: string; parts?: string[] };
}
interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
  addEventListener(type: 'install' | 'activate', hear: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', hear: (event: Fetching) => void): void;
  addEventListener(type: 'message', hear: (event: Told) => void): void;
}

const worker = self as unknown as Worker;
const CACHE = 'nc-operator';
const SHELL = '/O/'; // one page for every link: the link is in the address alone
const PATIENCE = 4_000; // ms for the page over a weak line before the kept one is shown

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('message', (event) => {
  const { page, parts } = event.data;
  if (page && parts) event.waitUntil(keep(page, parts));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(shell(request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(part(request));
});

/** Keeps the newest page, what it names, and what it had loaded (`parts`). Older builds go; their fonts are the same. */
async function keep(page: string, parts: string[]): Promise<void> {
  const response = await fetch(page);
  if (!good(response)) return;
  const shell = new URL(SHELL, worker.location.origin).href;
  const named = (await response.clone().text()).match(/\/assets\/[^"'\s>]+/g) ?? [];
  const wanted = new Set([...named.map((path) => new URL(path, shell).href), ...parts]);
  const cache = await caches.open(CACHE);
  const missing: string[] = [];
  for (const url of wanted) if (!(await cache.match(url))) missing.push(url);
  await cache.addAll(missing);
  await cache.put(shell, response);
  for (const { url } of await cache.keys()) {
    if (url !== shell && !wanted.has(url) && !url.endsWith('.woff2')) await cache.delete(url);
  }
}

async function shell(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(SHELL);
  const fresh = fetch(request);
  if (!kept) return fresh;
  const late = new Promise<null>((give) => setTimeout(() => give(null), PATIENCE));
  const answer = await Promise.race([fresh.catch(() => null), late]);
  return answer && answer.status < 500 ? answer : kept;
}

async function part(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone()); // a font that the page first needed later
  return fresh;
}

function good(response: Response): boolean {
  return response.ok && !response.redirected && (response.headers.get('Content-Type') ?? '').includes('text/html');
}
