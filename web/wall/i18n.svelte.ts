import type { Language } from '../shared/format.ts';
import { en } from './texts/en.ts';
import { vi, type Texts } from './texts/vi.ts';

const KEY = 'nc_lang';
const TEXTS: Record<Language, Texts> = { vi, en };

/** Vietnamese unless somebody chose otherwise here, or the browser speaks English and no Vietnamese. */
function preferred(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'vi' || kept === 'en') return kept;
  const speaks = (language: Language) => navigator.languages.some((one) => one.toLowerCase().startsWith(language));
  return speaks('en') && !speaks('vi') ? 'en' : 'vi';
}

class I18n {
  language = $state<Language>(preferred());

  get t(): Texts {
    return TEXTS[this.language];
  }

  constructor() {
    document.documentElement.lang = this.language;
  }

  /** Kept on this browser; the cookie lets what the server writes speak the same language. */
  choose(language: Language): void {
    this.language = language;
    document.documentElement.lang = language;
    localStorage.setItem(KEY, language);
    document.cookie = `${KEY}=${language}; path=/; max-age=31536000; samesite=lax`;
  }
}

export const i18n = new I18n();
