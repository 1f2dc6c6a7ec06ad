/** Path patterns like `/console/c/:conference/points`, matched whole; the most specific is listed first. */
export interface Matched<Name extends string> {
  name: Name;
  params: Record<string, string>;
}

export function matchPath<Name extends string>(
  patterns: readonly (readonly [Name, string])[],
  path: string,
): Matched<Name> | null {
  const parts = split(path);
  for (const [name, pattern] of patterns) {
    const params = matchParts(split(pattern), parts);
    if (params) return { name, params };
  }
  return null;
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '');

function matchParts(pattern: string[], parts: string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const value = parts[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a stray % in a hand-typed address: taken as it stands
  }
}

/** Where sign-in may send a person afterwards: a path of this site, never another host. */
export function safeNext(next: string | null): string {
  if (!next || !next.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/console';
  return next.startsWith('/login') || next.startsWith('/setup') ? '/console' : next;
}
