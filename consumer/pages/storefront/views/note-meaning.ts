import type { Act } from '../purchases/describe-purchase.ts';

/** What a button does, and since when (`performance.now()`). */
export type Meaning = { act: Act; index: number; priceCents: number; changedMs: number };

/**
 * The meaning of a button that shows `act` at position `index` of the list at the price `priceCents`. It changes at `nowMs` if the position
 * or the act changes, or if it offers to buy at another price than before. With act `none` a button keeps its previous meaning; the
 * opening of a sale (`none` to `buy`) is no change.
 */
export function noteMeaning(seen: Meaning, shown: Omit<Meaning, 'changedMs'>, nowMs: number): Meaning {
  const hadMeaning = seen.act !== 'none';
  const act = shown.act === 'none' ? seen.act : shown.act;
  const priceCents = shown.act === 'buy' || !hadMeaning ? shown.priceCents : seen.priceCents;
  const isChanged = seen.index !== shown.index || (hadMeaning && seen.act !== act) || seen.priceCents !== priceCents;
  return { act, index: shown.index, priceCents, changedMs: isChanged ? nowMs : seen.changedMs };
}
