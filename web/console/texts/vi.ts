import { conference } from './vi/conference.ts';
import { data } from './vi/data.ts';
import { media } from './vi/media.ts';
import { shell } from './vi/shell.ts';

/** The console in Vietnamese. The English texts have the same type, so that no word can be missing there. */
export const texts = { ...shell, ...conference, ...data, media };

export type Texts = typeof texts;
