import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);

/** Whole TrueType files: the PDF writer reads these, not the browser's woff2 subsets. */
const FACES = [
  '@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf',
  '@expo-google-fonts/be-vietnam-pro/500Medium/BeVietnamPro_500Medium.ttf',
  '@expo-google-fonts/be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf',
  '@expo-google-fonts/be-vietnam-pro/700Bold/BeVietnamPro_700Bold.ttf',
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
];

/** Puts the printing faces into `dist/print-fonts/`, so that the server needs the build alone and no node_modules. */
export function printFonts(): Plugin {
  return {
    name: 'nhipcau-print-fonts',
    apply: 'build',
    generateBundle() {
      for (const face of FACES) {
        const name = face.slice(face.lastIndexOf('/') + 1);
        this.emitFile({ type: 'asset', fileName: `print-fonts/${name}`, source: readFileSync(require.resolve(face)) });
      }
    },
  };
}
