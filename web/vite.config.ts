import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { appIcons } from './build/appIcons.ts';
import { printFonts } from './build/printFonts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const pages = Object.fromEntries(
  ['wall', 'console', 'operator'].map((page) => [page, here(`./${page}/index.html`)]),
);

// A service worker governs only the folder it is served from, and its address must never change: so it stands
// at the top of the build under its own name, beside the hashed files.
const worker = here('./operator/sw.ts');
const workers = existsSync(worker) ? { sw: worker } : {};

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [svelte(), printFonts(), appIcons()],
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // The pages forbid `data:` sources, so every asset is a file of its own.
    assetsInlineLimit: 0,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { ...pages, ...workers },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    environment: 'node',
  },
});
