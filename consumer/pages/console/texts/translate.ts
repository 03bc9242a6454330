import { createTranslator, language } from '../../language.ts';
import { actionTexts } from './action-texts.ts';
import { arenaTexts } from './arena-texts.ts';
import { drawTexts } from './draw-texts.ts';
import { liveTexts } from './live-texts.ts';
import { saleTexts } from './sale-texts.ts';
import { stockTexts } from './stock-texts.ts';

const texts = { ...liveTexts, ...stockTexts, ...arenaTexts, ...actionTexts, ...drawTexts, ...saleTexts };

export const translate = createTranslator(texts);

/** A name from the API in the chosen language, or `otherwise` if this page does not know the name. */
function named(prefix: string, name: string, otherwise = name): string {
  const key = `${prefix}_${name}`;
  return Object.hasOwn(texts, key) ? translate(key as keyof typeof texts) : otherwise;
}

export const stateText = (state: string): string => named('state', state);
export const drawStateText = (state: string): string => named('draw', state);
export const orderStateText = (state: string): string => named('order', state);
export const paymentStateText = (state: string): string => named('payment', state);
export const actionText = (action: string): string => named('action', action);
export const stepText = (step: string): string => named('step', step);
export const checkText = (check: string): string => named('check', check);
export const strategyText = (strategy: string): string => named('strategy', strategy);
export const showsText = (strategy: string, shows: string): string =>
  language.value === 'en' ? shows : named('shows', strategy, shows);

/** Why a strategy ended as it did: the API's sentence in English, or a text of this page. */
export function whyText(result: { oversold: number; unsold: number }, why: string): string {
  if (language.value === 'en') return why;
  if (result.oversold > 0) return translate('why_oversold', { n: result.oversold });
  return result.unsold > 0 ? translate('why_unsold', { n: result.unsold }) : translate('why_exact');
}
