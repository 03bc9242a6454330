import type { Act } from '../purchases/describe-purchase.ts';

/** What a button means, and since when (`performance.now()`). */
export type Meaning = { act: Act; index: number; priceCents: number; changedMs: number };

/**
 * The meaning of a button that shows `act` at place `index` of the list, while its stock costs `priceCents`. It has changed at `nowMs` where
 * the place or the act is another one, or where it offers to buy at another price than the last that it showed. A button that does nothing
 * keeps the meaning it had; one that never had any opens (`none` to `buy`) without a change.
 */
export function noteMeaning(seen: Meaning, shown: Omit<Meaning, 'changedMs'>, nowMs: number): Meaning {
  const hadMeaning = seen.act !== 'none';
  const act = shown.act === 'none' ? seen.act : shown.act;
  const priceCents = shown.act === 'buy' || !hadMeaning ? shown.priceCents : seen.priceCents;
  const isChanged = seen.index !== shown.index || (hadMeaning && seen.act !== act) || seen.priceCents !== priceCents;
  return { act, index: shown.index, priceCents, changedMs: isChanged ? nowMs : seen.changedMs };
}
