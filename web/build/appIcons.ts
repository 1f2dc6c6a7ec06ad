import { crc32, deflateSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** The drawing of public/favicon.svg on its 32-unit grid, as lines: phones want their home-screen icons as PNG. */
type Point = readonly [number, number];
const ARCH: readonly (readonly [Point, Point, Point, Point])[] = [
  [[5.5, 23.5], [8.5, 12.5], [12, 8.5], [16, 8.5]],
  [[16, 8.5], [20, 8.5], [23.5, 12.5], [26.5, 23.5]],
];
const STRAIGHT: readonly (readonly [Point, Point])[] = [
  [[3, 23.5], [29, 23.5]],
  [[10.8, 23.5], [10.8, 14.2]],
  [[16, 23.5], [16, 8.8]],
  [[21.2, 23.5], [21.2, 14.2]],
];
const GRID = 32;
const STROKE = 2.4;
const CORNER = 7;
const CURVE_STEPS = 24; // straight pieces of half the arch: finer than a pixel of the largest icon
const GROUND = [0x0f, 0x5b, 0x85] as const;

/** `bleed`: the ground fills the square, because the phone cuts its own shape; the drawing then keeps to the middle. */
interface Icon {
  name: string;
  size: number;
  bleed: boolean;
}
const ICONS: readonly Icon[] = [
  { name: 'icon-192.png', size: 192, bleed: false },
  { name: 'icon-512.png', size: 512, bleed: false },
  { name: 'icon-180.png', size: 180, bleed: true },
  { name: 'icon-maskable-512.png', size: 512, bleed: true },
];
const SAFE = 0.72; // of the square: a mask may leave a circle of 80 %, and the bridge is wider than high

/** Puts the icons of the installed operator's page at the top of the build. */
export function appIcons(): Plugin {
  return {
    name: 'nhipcau-app-icons',
    apply: 'build',
    generateBundle() {
      for (const icon of ICONS) this.emitFile({ type: 'asset', fileName: icon.name, source: png(icon) });
    },
  };
}

function segments(): (readonly [Point, Point])[] {
  const pieces = [...STRAIGHT];
  for (const curve of ARCH) {
    const at = (t: number): Point => [cubic(curve, 0, t), cubic(curve, 1, t)];
    for (let i = 0; i < CURVE_STEPS; i++) pieces.push([at(i / CURVE_STEPS), at((i + 1) / CURVE_STEPS)]);
  }
  return pieces;
}

function cubic(curve: (typeof ARCH)[number], axis: 0 | 1, t: number): number {
  const u = 1 - t;
  const [a, b, c, d] = curve;
  return u * u * u * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t * t * t * d[axis];
}

function distance([x, y]: Point, [[ax, ay], [bx, by]]: readonly [Point, Point]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** How far outside the rounded square; negative inside. */
function outside([x, y]: Point): number {
  const half = GRID / 2;
  const qx = Math.abs(x - half) - half + CORNER;
  const qy = Math.abs(y - half) - half + CORNER;
  return Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) + Math.min(Math.max(qx, qy), 0) - CORNER;
}

function png({ size, bleed }: Icon): Uint8Array {
  const lines = segments();
  const unit = GRID / size;
  const zoom = bleed ? SAFE : 1;
  const covered = (far: number): number => Math.max(0, Math.min(1, 0.5 - far / unit));
  const raw = Buffer.alloc(size * (1 + size * 4)); // each row begins with its filter, none
  let at = 0;
  for (let row = 0; row < size; row++) {
    at += 1;
    for (let column = 0; column < size; column++) {
      const spot: Point = [(column + 0.5) * unit, (row + 0.5) * unit];
      const drawn: Point = [(spot[0] - GRID / 2) / zoom + GRID / 2, (spot[1] - GRID / 2) / zoom + GRID / 2];
      const near = Math.min(...lines.map((line) => distance(drawn, line)));
      const white = covered((near - STROKE / 2) * zoom);
      for (const shade of GROUND) raw[at++] = Math.round(shade + (255 - shade) * white);
      raw[at++] = Math.round(255 * (bleed ? 1 : covered(outside(spot))));
    }
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header(size)),
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function header(size: number): Buffer {
  const body = Buffer.alloc(13);
  body.writeUInt32BE(size, 0);
  body.writeUInt32BE(size, 4);
  body.set([8, 6, 0, 0, 0], 8); // 8 bits a channel, colour with alpha
  return body;
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}
