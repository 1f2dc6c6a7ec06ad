import { count, type Language } from '../../shared/format.ts';
import type { RoomCommand } from '../model/outbox.ts';
import { en } from './en.ts';
import { vi, type Texts } from './vi.ts';

export type { Language, Texts };

export const TEXTS: Record<Language, Texts> = { vi, en };

/** The language chosen before, else the browser's if it is English, else Vietnamese. */
export function firstLanguage(chosen: string | null, browser: readonly string[]): Language {
  if (chosen === 'vi' || chosen === 'en') return chosen;
  const known = browser.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'vi' || tag === 'en');
  return known === 'en' ? 'en' : 'vi';
}

/** A phone number as a link calls it, and as it is read: never broken over two lines. */
export const dial = (phone: string): string => `tel:${phone.replace(/[^+\d*#]/g, '')}`;
export const unbroken = (phone: string): string => phone.replace(/\s+/g, '\u00a0');

/** A tap in words, for the receipt and the list of what was sent. */
export function say(command: RoomCommand, texts: Texts, language: Language): string {
  const { says } = texts;
  switch (command.type) {
    case 'check_in':
      return says.check_in;
    case 'ready':
      return command.ready === false ? says.not_ready : says.ready;
    case 'report_headcount':
      return says.headcount(count(command.in_room, language));
    case 'follow_tv':
      return command.on === false ? says.tv_off : says.tv;
    case 'leave':
      return says.leave;
    case 'ask_help':
      return says.help(texts.help.categories[command.category]);
    case 'resolve_help':
      return says.resolve;
    case 'answer_air':
      return command.accept === false ? says.air_no : says.air;
  }
}
