import type { Component } from 'svelte';
import { matchPath, type Matched } from './match.ts';

export type PageName =
  | 'setup' | 'login' | 'conferences' | 'overview' | 'points' | 'addPoints' | 'documents' | 'notices' | 'media' | 'printing'
  | 'journal' | 'units' | 'importUnits' | 'people' | 'account';

const PATTERNS = [
  ['setup', '/setup/:token'],
  ['login', '/login'],
  ['conferences', '/console'],
  ['conferences', '/'],
  ['overview', '/console/c/:conference'],
  ['points', '/console/c/:conference/points'],
  ['addPoints', '/console/c/:conference/points/add'],
  ['documents', '/console/c/:conference/documents'],
  ['notices', '/console/c/:conference/notices'],
  ['media', '/console/c/:conference/media'],
  ['printing', '/console/c/:conference/printing'],
  ['journal', '/console/c/:conference/journal'],
  ['units', '/console/units'],
  ['importUnits', '/console/units/import'],
  ['people', '/console/people'],
  ['account', '/console/account'],
] as const satisfies readonly (readonly [PageName, string])[];

type PageModule = { default: Component<Record<string, string>> };

/** One chunk a page: somebody who prints cards never loads the document page. */
export const PAGES: Record<PageName, () => Promise<PageModule>> = {
  setup: () => import('../pages/Setup.svelte') as Promise<PageModule>,
  login: () => import('../pages/Login.svelte') as Promise<PageModule>,
  conferences: () => import('../pages/Conferences.svelte') as Promise<PageModule>,
  overview: () => import('../pages/Overview.svelte') as Promise<PageModule>,
  points: () => import('../pages/Points.svelte') as Promise<PageModule>,
  addPoints: () => import('../pages/AddPoints.svelte') as Promise<PageModule>,
  documents: () => import('../pages/Documents.svelte') as Promise<PageModule>,
  notices: () => import('../pages/Notices.svelte') as Promise<PageModule>,
  media: () => import('../pages/Media.svelte') as Promise<PageModule>,
  printing: () => import('../pages/Printing.svelte') as Promise<PageModule>,
  journal: () => import('../pages/Journal.svelte') as Promise<PageModule>,
  units: () => import('../pages/Units.svelte') as Promise<PageModule>,
  importUnits: () => import('../pages/ImportUnits.svelte') as Promise<PageModule>,
  people: () => import('../pages/People.svelte') as Promise<PageModule>,
  account: () => import('../pages/Account.svelte') as Promise<PageModule>,
};

/** Pages that may be seen without a session. */
export const OPEN_PAGES: ReadonlySet<PageName> = new Set(['setup', 'login']);

class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  readonly page: Matched<PageName> | null = $derived(matchPath(PATTERNS, this.path));
  readonly query = $derived(new URLSearchParams(this.search));

  #leaveGuard: (() => boolean) | null = null;

  constructor() {
    addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => this.#onClick(event));
  }

  /** `replace` keeps the back button useful while a filter is typed. */
  go(address: string, { replace = false } = {}): void {
    if (this.#leaveGuard && !replace && !this.#leaveGuard()) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', address);
    const before = this.path;
    this.#read();
    if (before === this.path) return;
    scrollTo(0, 0);
    document.getElementById('main')?.scrollTo(0, 0);
  }

  /** Puts values into the query of the present address; `null` and empty take a name out. */
  set(values: Record<string, string | null>, { replace = true } = {}): void {
    const query = new URLSearchParams(this.search);
    for (const [name, value] of Object.entries(values)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    const text = query.toString();
    this.go(this.path + (text ? `?${text}` : ''), { replace });
  }

  /** `guard` answers whether the page may be left; returns how to take it off again. */
  guardLeaving(guard: () => boolean): () => void {
    this.#leaveGuard = guard;
    return () => {
      if (this.#leaveGuard === guard) this.#leaveGuard = null;
    };
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
  }

  /** Links to our own pages stay in this document; every other link is the browser's. */
  #onClick(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (!matchPath(PATTERNS, link.pathname)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();

/** Addresses of the pages, so that no template spells a path. */
export const to = {
  conferences: '/console',
  units: '/console/units',
  importUnits: '/console/units/import',
  people: '/console/people',
  account: '/console/account',
  overview: (conference: string) => `/console/c/${encodeURIComponent(conference)}`,
  points: (conference: string, query = '') => `/console/c/${encodeURIComponent(conference)}/points${query}`,
  addPoints: (conference: string, tab = '') =>
    `/console/c/${encodeURIComponent(conference)}/points/add${tab && `?by=${tab}`}`,
  documents: (conference: string) => `/console/c/${encodeURIComponent(conference)}/documents`,
  notices: (conference: string) => `/console/c/${encodeURIComponent(conference)}/notices`,
  media: (conference: string) => `/console/c/${encodeURIComponent(conference)}/media`,
  printing: (conference: string) => `/console/c/${encodeURIComponent(conference)}/printing`,
  journal: (conference: string, query = '') => `/console/c/${encodeURIComponent(conference)}/journal${query}`,
  wall: (conference: string) => `/wall/${encodeURIComponent(conference)}`,
  login: (next: string) => `/login?next=${encodeURIComponent(next)}`,
};
