import { signal } from '@preact/signals';
import { storage } from './keep-storage.ts';

export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'flash-sale.language';

export const language = signal<Language>(firstLanguage());

function firstLanguage(): Language {
  const kept = storage.getItem(KEY);
  if (kept === 'en' || kept === 'zh-CN') return kept;
  return navigator.languages.some((one) => one.toLowerCase().startsWith('zh')) &&
    !navigator.language.toLowerCase().startsWith('en')
    ? 'zh-CN'
    : 'en';
}

export function chooseLanguage(one: Language): void {
  storage.setItem(KEY, one);
  language.value = one;
  document.documentElement.lang = one;
}

/** A page's texts: the same names in both languages. `{name}` stands for a value. */
export type Texts = Record<string, { en: string; 'zh-CN': string }>;

/** Returns what says a text of these in the language of the moment. */
export function createTranslator<T extends Texts>(
  texts: T,
): (name: keyof T, values?: Record<string, string | number>) => string {
  return (name, values = {}) =>
    (texts[name] as Texts[string])[language.value].replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

/** An amount of the currency's smallest unit. */
export function money(amountCents: number, currency: string): string {
  const format = new Intl.NumberFormat(language.value, { style: 'currency', currency });
  return format.format(amountCents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function whole(number: number): string {
  return new Intl.NumberFormat(language.value).format(number);
}
