import { conference } from './vi/conference.ts';
import { data } from './vi/data.ts';
import { shell } from './vi/shell.ts';

/** The console in Vietnamese. The English texts have the same type, so that no word can be missing there. */
export const texts = { ...shell, ...conference, ...data };

export type Texts = typeof texts;
