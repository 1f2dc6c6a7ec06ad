import type { Language } from '../../shared/format.ts';
import type { Texts } from '../texts/vi.ts';

const KEY = 'nc_lang';

const LOADERS: Record<Language, () => Promise<{ texts: Texts }>> = {
  vi: () => import('../texts/vi.ts'),
  en: () => import('../texts/en.ts'),
};

function preferred(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'vi' || kept === 'en') return kept;
  return navigator.languages.some((one) => one.startsWith('vi')) || !navigator.language.startsWith('en') ? 'vi' : 'en';
}

class I18n {
  language = $state<Language>('vi');
  #texts = $state.raw<Texts>();

  /** The words of the present language. `start` must have been awaited. */
  get t(): Texts {
    if (!this.#texts) throw new Error('texts are read before they are loaded');
    return this.#texts;
  }

  async start(): Promise<void> {
    const language = preferred();
    this.#speak(language, (await LOADERS[language]()).texts);
  }

  /** Kept on this browser; the cookie lets what the server writes speak the same language. */
  async choose(language: Language): Promise<void> {
    const { texts } = await LOADERS[language]();
    localStorage.setItem(KEY, language);
    document.cookie = `${KEY}=${language}; path=/; max-age=31536000; samesite=lax`;
    // Last: pages ask the server anew at this, by the cookie.
    this.#speak(language, texts);
  }

  #speak(language: Language, texts: Texts): void {
    this.language = language;
    this.#texts = texts;
    document.documentElement.lang = language;
  }
}

export const i18n = new I18n();
