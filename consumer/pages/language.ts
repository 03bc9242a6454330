import { signal } from '@preact/signals';
import { currencyDigits } from '../../proto/messages/currency-digits.ts';
import type { Money } from '../api/money.ts';
import { storage } from './keep-storage.ts';

export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'flash-sale.language';

export const language = signal<Language>(firstLanguage());

function firstLanguage(): Language {
  const kept = storage.getItem(KEY);
  if (kept === 'en' || kept === 'zh-CN') return kept;
  return navigator.languages.some((name) => name.toLowerCase().startsWith('zh')) &&
    !navigator.language.toLowerCase().startsWith('en')
    ? 'zh-CN'
    : 'en';
}

export function chooseLanguage(chosen: Language): void {
  storage.setItem(KEY, chosen);
  language.value = chosen;
  document.documentElement.lang = chosen;
}

/** A page's texts in both languages. `{name}` is a placeholder. */
export type Texts = Record<string, { en: string; 'zh-CN': string }>;

/** Returns a function that translates a text into the chosen language. */
export function createTranslator<T extends Texts>(
  texts: T,
): (name: keyof T, values?: Record<string, string | number>) => string {
  return (name, values = {}) =>
    (texts[name] as Texts[string])[language.value].replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

export function money({ amount, currency }: Money): string {
  const digits = currencyDigits(currency);
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = new Intl.NumberFormat(language.value, { style: 'currency', currency, ...fraction });
  return format.format(amount / 10 ** digits);
}

export function whole(number: number): string {
  return new Intl.NumberFormat(language.value).format(number);
}
