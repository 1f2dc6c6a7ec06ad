import { readJson, type Shelf } from './shelf.ts';

/** What this browser got for a link. `revoked`: the server took it away; only a person asks again. */
export interface Device {
  token: string;
  conference: string;
  point: number;
  revoked?: true;
}

const LINK = /^\/o\/([0-9a-z]{26})\/?$/i;

/** The secret link in the page's path, as the server writes it: letters that look alike are read as meant. */
export function linkOf(path: string): string | null {
  const typed = LINK.exec(path)?.[1];
  return typed ? typed.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1') : null;
}

const keyOf = (link: string): string => `nc:link:${link}`;

export function knownDevice(shelf: Shelf, link: string): Device | null {
  const device = readJson<Device>(shelf, keyOf(link));
  return device && typeof device.token === 'string' && typeof device.point === 'number' ? device : null;
}

export function keepDevice(shelf: Shelf, link: string, device: Device): void {
  shelf.set(keyOf(link), JSON.stringify(device));
}

/** What belongs to the room, not to the link: it outlives a renewed link. */
export function scopeOf(device: Device): string {
  return `${device.conference}:${device.point}`;
}

const SYSTEMS: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];
const BROWSERS: [RegExp, string][] = [
  [/Zalo/i, 'Zalo'],
  [/FBA[NV]/, 'Facebook'],
  [/coc_coc/i, 'Cốc Cốc'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/EdgA?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
];

/** "Android · Chrome": enough for an organizer to tell the devices of a room apart, and no more. */
export function describeDevice(userAgent: string): string {
  const name = (list: [RegExp, string][]): string | undefined => list.find(([sign]) => sign.test(userAgent))?.[1];
  return [name(SYSTEMS), name(BROWSERS)].filter(Boolean).join(' · ') || 'Web';
}
