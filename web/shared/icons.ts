/** Every drawing of the pages: a 16-unit grid, strokes of 1.75 in the colour of the text around them. */
export const icons = {
  // The statuses of a point. `ok` stands in legends only: a healthy tile carries no icon.
  none: '<circle cx="8" cy="8" r="5.2" stroke-dasharray="2.6 2.2"/>',
  in:
    '<circle cx="8" cy="8" r="5.4"/><path fill="currentColor" stroke="none" d="M8 2.6a5.4 5.4 0 0 1 0 10.8z"/>',
  ready: '<path d="M3 8.6 6.6 12 13 4.6"/>',
  ok: '<circle fill="currentColor" stroke="none" cx="8" cy="8" r="3.2"/>',
  tv: '<rect x="1.8" y="3" width="12.4" height="8.2" rx="1.2"/><path d="M5.4 13.6h5.2"/>',
  weak:
    '<path fill="currentColor" stroke="none" d="M2 10.5h2.8V14H2z"/><path d="M7 14V7.6h2.2V14zM11.8 14V3H14v11z" stroke-width="1.2"/>',
  lost: '<path d="M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8" stroke-width="2.4"/>',
  help:
    '<path fill="currentColor" stroke="none" fill-rule="evenodd" d="M8 1.2 15.4 14.4H.6zM7.1 5.8l.25 4.4h1.3l.25-4.4zM8 11.1a.95.95 0 1 0 .001 0z"/>',
  left: '<path d="M9 2.6H3.4v10.8H9M6.6 8h7.2M11 5.2 13.8 8 11 10.8"/>',
  // A headcount far above what the room is for.
  odd: '<path d="M3 7.6 8 2.6l5 5M3 13.4l5-5 5 5" stroke-width="2.2"/>',
  // Things people do or hold.
  hand:
    '<path d="M4.6 8.6V4.2a1 1 0 0 1 2 0V7M6.6 7V2.8a1 1 0 0 1 2 0V7M8.6 7V3.4a1 1 0 0 1 2 0v4M10.6 7.4V5.2a1 1 0 0 1 2 0v4.6c0 2.8-1.7 4.6-4.3 4.6-1.9 0-3-.9-4-2.6L2.6 9.2c-.5-.9.9-1.6 1.5-.9l.9 1.1"/>',
  sound: '<path d="M2.4 6v4h2.4l3.6 3V3L4.8 6zM10.8 5.6a3.4 3.4 0 0 1 0 4.8M12.7 3.7a6 6 0 0 1 0 8.6"/>',
  mute: '<path d="M2.4 6v4h2.4l3.6 3V3L4.8 6zM11 6l3.4 4M14.4 6 11 10"/>',
  mic:
    '<rect x="6" y="1.8" width="4" height="7.4" rx="2"/><path d="M3.4 7.6a4.6 4.6 0 0 0 9.2 0M8 12.2v2.2"/>',
  phone:
    '<path d="M3.2 2.2h2.4l1.2 3-1.6 1.2a8 8 0 0 0 4.4 4.4l1.2-1.6 3 1.2v2.4a1 1 0 0 1-1.1 1A11.4 11.4 0 0 1 2.2 3.3a1 1 0 0 1 1-1.1z"/>',
  search: '<circle cx="7" cy="7" r="4.4"/><path d="m10.4 10.4 3.4 3.4"/>',
  people:
    '<circle cx="6" cy="5.2" r="2.4"/><path d="M1.6 13.4c0-2.6 1.9-4.2 4.4-4.2s4.4 1.6 4.4 4.2M10.8 3.2a2.2 2.2 0 0 1 0 4.2M12 9.6c1.6.5 2.5 1.9 2.5 3.8"/>',
  room: '<path d="M2.4 14V3.2L9.4 2v12M9.4 4.2h4.2V14M1.2 14h13.6"/><path d="M6.8 8v.6"/>',
  doc: '<path d="M3.6 1.8h5.6l3.4 3.4v9H3.6zM9 2v3.4h3.4M5.8 8.4h4.6M5.8 11h4.6"/>',
  slides:
    '<rect x="1.8" y="2.6" width="12.4" height="8.4" rx="1"/><path d="M8 11v1.6M5 14.2l3-1.6 3 1.6M4.8 8.4l2.2-2.2 1.6 1.4 2.4-2.6"/>',
  video: '<rect x="1.8" y="3.4" width="9" height="9.2" rx="1.4"/><path d="m10.8 7 3.4-2v6l-3.4-2"/>',
  qr:
    '<path d="M2 2h4.4v4.4H2zM9.6 2H14v4.4H9.6zM2 9.6h4.4V14H2zM9.6 9.6h1.6v1.6M14 9.6v2M9.6 14h1.8M14 13.8v.2"/>',
  full: '<path d="M2.4 6V2.4H6M10 2.4h3.6V6M13.6 10v3.6H10M6 13.6H2.4V10"/>',
  clock: '<circle cx="8" cy="8" r="6"/><path d="M8 4.6V8l2.4 1.6"/>',
  // Seen and heard by all.
  air:
    '<circle fill="currentColor" stroke="none" cx="8" cy="8" r="2.2"/><path d="M4.9 11.1a4.4 4.4 0 0 1 0-6.2M11.1 4.9a4.4 4.4 0 0 1 0 6.2M2.6 13.400a7.600 7.600 0 0 1 0-10.800M13.400 2.600a7.600 7.600 0 0 1 0 10.800"/>',
  // Controls.
  close: '<path d="m4 4 8 8M12 4l-8 8"/>',
  send: '<path d="M14 2 7.2 8.8M14 2 9.6 14l-2.4-5.2L2 6.4z"/>',
  back: '<path d="M9.8 3.4 5.2 8l4.6 4.6"/>',
  next: '<path d="M6.2 3.4 10.8 8l-4.6 4.6"/>',
  minus: '<path d="M3 8h10" stroke-width="2"/>',
  plus: '<path d="M3 8h10M8 3v10" stroke-width="2"/>',
  ask:
    '<path d="M2 3h12v8.4H7.4L4.2 14v-2.6H2z"/><path d="M6.4 5.8c.2-.9.9-1.3 1.7-1.3 1 0 1.7.6 1.7 1.4 0 1.1-1.6 1.1-1.6 2.2M8.1 9.6v.1"/>',
  quiz:
    '<path d="M2.4 3.4 3.6 4.6 5.6 2.4M2.4 8 3.6 9.2 5.6 7M2.4 12.6l1.2 1.2 2-2.2M8.2 3.6H14M8.2 8.2H14M8.2 12.8H14"/>',
  // Places in the console.
  home: '<path d="M2.2 7.2 8 2.2l5.8 5v6.6H9.8V9.6H6.2v4.2h-4z"/>',
  tree: '<path d="M6 2h4v3H6zM1.6 11h4v3h-4zM10.4 11h4v3h-4zM8 5v3M3.6 11V8h8.8v3"/>',
  user: '<circle cx="8" cy="5" r="2.8"/><path d="M2.8 14c0-3 2.2-4.8 5.2-4.8s5.2 1.8 5.2 4.8"/>',
  chart: '<path d="M2 14h12M4 11.4V8M8 11.4V3.4M12 11.4V6"/>',
  audit: '<path d="M3 2h10v12H3zM5.6 5.4h4.8M5.6 8.2h4.8M5.6 11h2.6"/>',
  // What the console does to things.
  more: '<circle fill="currentColor" stroke="none" cx="3.2" cy="8" r="1.4"/><circle fill="currentColor" stroke="none" cx="8" cy="8" r="1.4"/><circle fill="currentColor" stroke="none" cx="12.8" cy="8" r="1.4"/>',
  down: '<path d="M3.4 6 8 10.6 12.6 6"/>',
  up: '<path d="M3.4 10 8 5.4l4.6 4.6"/>',
  download: '<path d="M8 2.2v7.6M4.8 6.8 8 10l3.2-3.2M2.4 13.4h11.2"/>',
  upload: '<path d="M8 10V2.4M4.8 5.6 8 2.4l3.2 3.2M2.4 13.4h11.2"/>',
  trash: '<path d="M2.6 4.2h10.8M6.2 4V2.4h3.6V4M4 4.4l.6 9.2h6.8l.6-9.2M6.8 7v4M9.2 7v4"/>',
  pencil: '<path d="M2.6 13.4 3.4 10 10.8 2.600l2.6 2.600L6 12.600zM9 4.4 11.6 7"/>',
  link: '<path d="M6.6 9.4 9.4 6.600M7.4 4.600l1.4-1.400a2.8 2.8 0 0 1 4 4l-1.4 1.400M8.6 11.400l-1.4 1.400a2.8 2.8 0 0 1-4-4l1.4-1.4"/>',
  print: '<path d="M4.4 6V2.200h7.200V6M4.4 11.600H2.200V6h11.600v5.600h-2.200M4.4 9.400h7.200v4.400H4.400z"/>',
  copy: '<rect x="5.4" y="5.4" width="8.4" height="8.4" rx="1.4"/><path d="M10.6 5.400V2.200H2.200v8.400h3.2"/>',
  grip: '<path d="M6 3.200v.1M10 3.200v.1M6 8v.1M10 8v.1M6 12.800v.1M10 12.800v.1" stroke-width="2.4"/>',
  eye: '<path d="M1.2 8C2.8 5 5.2 3.4 8 3.400S13.2 5 14.8 8c-1.6 3-4 4.6-6.8 4.600S2.8 11 1.2 8z"/><circle cx="8" cy="8" r="2"/>',
  lock: '<rect x="3" y="7" width="10" height="7" rx="1.4"/><path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2"/>',
  calendar: '<rect x="2.2" y="3.2" width="11.6" height="10.6" rx="1.4"/><path d="M2.2 6.600h11.600M5.2 1.800v2.600M10.8 1.800v2.6"/>',
  out: '<path d="M6.4 2.400H2.800v11.200h3.600M6.6 8h7M10.8 5l3 3-3 3"/>',
  key: '<circle cx="5" cy="11" r="2.8"/><path d="M7 9 13.4 2.600M10.4 5.600l2.2 2.2"/>',
  renew: '<path d="M13.4 8a5.4 5.4 0 0 1-9.7 3.300M2.6 8a5.4 5.4 0 0 1 9.7-3.300M12.6 1.800v3.200H9.400M3.4 14.200V11h3.2"/>',
  globe: '<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c1.8 1.8 2.6 3.8 2.6 6S9.8 12.2 8 14c-1.8-1.8-2.6-3.8-2.6-6S6.2 3.8 8 2z"/>',
  merge: '<path d="M3 2.600v2.600C3 8 8 7.6 8 10.400v3M13 2.600v2.600c0 2.8-5 2.4-5 5.200M5.6 11 8 13.4 10.4 11"/>',
  external: '<path d="M9.4 2.400h4.200v4.200M13.4 2.6 7.6 8.400M11.6 9.200v4.400H2.400V4.400h4.4"/>',
  pin: '<path d="M8 14.400C5 11 3.4 8.6 3.4 6.400a4.6 4.6 0 0 1 9.2 0c0 2.2-1.6 4.6-4.6 8z"/><circle cx="8" cy="6.4" r="1.5"/>',
  menu: '<path d="M2.2 4.200h11.600M2.2 8h11.600M2.2 11.800h11.6"/>',
  // The line, and the product itself.
  cloud: '<path d="M4.4 12.4a3 3 0 0 1-.2-6 4 4 0 0 1 7.7.9 2.6 2.6 0 0 1-.3 5.1M2.4 2.4l11.2 11.2"/>',
  wifi:
    '<path d="M1.8 6.4a9 9 0 0 1 12.4 0M4 9a5.8 5.8 0 0 1 8 0"/><circle fill="currentColor" stroke="none" cx="8" cy="12" r="1.3"/>',
  bell: '<path d="M4 11V7a4 4 0 0 1 8 0v4l1.2 1.4H2.8zM6.8 14.2h2.4"/>',
  gear:
    '<circle cx="8" cy="8" r="2.2"/><path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4"/>',
  book:
    '<path d="M8 4c-1.6-1.2-3.6-1.4-5.8-1.2v9.8c2.2-.2 4.2 1 5.8 1.2 1.6-.2 3.6-1.4 5.8-1.2V2.8C11.6 2.6 9.6 2.8 8 4zM8 4v9.8"/>',
  bridge:
    '<path d="M.8 12.4h14.4M2 12.4C3.8 5.6 6 3.6 8 3.6s4.2 2 6 8.8M5 12.4V7M8 12.4V3.8M11 12.4V7" stroke-width="1.5"/>',
} as const;

export type IconName = keyof typeof icons;
