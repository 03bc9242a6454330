import { language, speaker } from '../../language.ts';
import { actionTexts } from './texts-actions.ts';
import { arenaTexts } from './texts-arena.ts';
import { liveTexts } from './texts-live.ts';
import { stockTexts } from './texts-stocks.ts';

const texts = { ...liveTexts, ...stockTexts, ...arenaTexts, ...actionTexts };

export const say = speaker(texts);

/** What the API names, in the page's language; as the API has it where this page does not know the name. */
function named(prefix: string, name: string, otherwise = name): string {
  const key = `${prefix}_${name}`;
  return Object.hasOwn(texts, key) ? say(key as keyof typeof texts) : otherwise;
}

export const stateText = (state: string): string => named('state', state);
export const orderStateText = (state: string): string => named('order', state);
export const paymentStateText = (state: string): string => named('payment', state);
export const actionText = (action: string): string => named('action', action);
export const stepText = (step: string): string => named('step', step);
export const checkText = (check: string): string => named('check', check);
export const strategyText = (way: string): string => named('way', way);
export const showsText = (way: string, shows: string): string =>
  language.value === 'en' ? shows : named('shows', way, shows);

/** Why a way ended as it did: the API's own sentence, which is English, or ours. */
export function whyText(result: { oversold: number; unsold: number }, why: string): string {
  if (language.value === 'en') return why;
  if (result.oversold > 0) return say('why_oversold', { n: result.oversold });
  return result.unsold > 0 ? say('why_unsold', { n: result.unsold }) : say('why_exact');
}
