const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/coc_coc_browser/i, 'Cốc Cốc'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** "Chrome · Windows" from what a browser says of itself; programs keep the first word they call themselves by. */
export function browserName(agent: string): string {
  const name = (list: typeof BROWSERS) => list.find(([sign]) => sign.test(agent))?.[1];
  const known = [name(BROWSERS), name(SYSTEMS)].filter(Boolean).join(' · ');
  return known || (agent.split(/[\s/]/)[0] ?? '');
}
