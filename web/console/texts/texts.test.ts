import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { texts as en } from './en.ts';
import { texts as vi } from './vi.ts';

type Node = string | ((...args: never[]) => string) | { [key: string]: Node };

/** Groups that are read by a key known only at run time: each of their words is named by the wire. */
const BY_KEY = [
  'roles', 'roleHelp', 'phase', 'status', 'help', 'fields', 'import.verdicts', 'documents.states', 'notices.said', 'journal.kinds',
  'people.actions', 'overview.tabs', 'overview.phaseTitle', 'overview.phaseText', 'overview.phaseDo',
  'media.problems', 'media.publishing.refusals', 'media.bridgeStates',
];

/** Keys of the readiness clock and of the kinds of print, which are looked up by their own names. */
const LOOKED_UP = /^(overview\.(gate\d+|pointList|withExpected|documents|arrived|nobody|ready|reported|troubled|present|people|helpCalls)|printing\.(cards|sheets|posters)(Text)?)$/;

function leaves(node: Node, path = ''): [string, Exclude<Node, { [key: string]: Node }>][] {
  if (typeof node !== 'object') return [[path, node]];
  return Object.entries(node).flatMap(([key, below]) => leaves(below, path ? `${path}.${key}` : key));
}

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'texts')
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path);
      return /\.(ts|svelte)$/.test(entry.name) && !entry.name.includes('.test.') ? readFileSync(path, 'utf8') : '';
    })
    .join('\n');
}

const vietnamese = leaves(vi as unknown as Node);
const english = new Map(leaves(en as unknown as Node));

describe('the words of the console', () => {
  it('are the same in number and shape in both languages', () => {
    expect(vietnamese.map(([path]) => path)).toEqual([...english.keys()]);
    for (const [path, text] of vietnamese) {
      const other = english.get(path);
      expect(typeof other, path).toBe(typeof text);
      if (typeof text === 'function') expect((other as typeof text).length, path).toBe(text.length);
    }
  });

  it('are never empty', () => {
    for (const [path, text] of [...vietnamese, ...english]) if (typeof text === 'string') expect(text.trim(), path).not.toBe('');
  });

  it('are all used', () => {
    const code = sources(fileURLToPath(new URL('..', import.meta.url)));
    const unused = vietnamese
      .map(([path]) => path)
      .filter((path) => !BY_KEY.some((group) => path.startsWith(`${group}.`)) && !LOOKED_UP.test(path))
      .filter((path) => !new RegExp(`\\b${path.split('.').at(-1)}\\b`).test(code));
    expect(unused).toEqual([]);
  });
});
