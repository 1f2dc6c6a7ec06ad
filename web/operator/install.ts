/** What makes the page an app on the home screen: its manifest, its shell kept for reloads without a line. */

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

let asked: InstallPrompt | null = null;
const listeners = new Set<(offered: boolean) => void>();

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  asked = event as InstallPrompt;
  for (const tell of listeners) tell(true);
});

/** Tells whether the browser would install the page now; returns how to stop being told. */
export function whenInstallable(tell: (offered: boolean) => void): () => void {
  listeners.add(tell);
  tell(asked !== null);
  return () => listeners.delete(tell);
}

export async function install(): Promise<void> {
  const prompt = asked;
  asked = null;
  for (const tell of listeners) tell(false);
  await prompt?.prompt();
}

/** The manifest stands below the link, so that the installed app opens this room and no other. */
export function offerInstall(link: string): void {
  const manifest = document.createElement('link');
  manifest.rel = 'manifest';
  manifest.href = `/O/${link}/app.webmanifest`;
  document.head.append(manifest);
  if ('serviceWorker' in navigator) {
    if (document.readyState === 'complete') void keepShell();
    else addEventListener('load', () => void keepShell(), { once: true });
  }
}

/** Everything this page was made of goes into the worker's cache. Without it the page works, but not without a line. */
async function keepShell(): Promise<void> {
  try {
    await navigator.serviceWorker.register('/sw.js', { scope: '/O/' });
    const { active } = await navigator.serviceWorker.ready;
    await document.fonts.ready; // only the fonts that this page really shows
    const loaded = performance.getEntriesByType('resource').map((entry) => new URL(entry.name));
    const parts = loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith('/assets/'));
    active?.postMessage({ page: location.href, parts: [...new Set(parts.map((url) => url.href))] });
  } catch {
    // Refused by the browser's settings: the next visit tries again.
  }
}
