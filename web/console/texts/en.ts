import { conference } from './en/conference.ts';
import { data } from './en/data.ts';
import { media } from './en/media.ts';
import { shell } from './en/shell.ts';
import type { Texts } from './vi.ts';

/** The console in English. */
export const texts: Texts = { ...shell, ...conference, ...data, media };
