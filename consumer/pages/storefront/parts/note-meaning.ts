/** What a button does (`none`: nothing), and since when (`performance.now()`). */
export type Meaning = { act: string; index: number; amount: number; changedMs: number };

/**
 * The meaning of a button that shows `act` at position `index` of the list at the price `amount`. It changes at `nowMs` if the position
 * or the act changes, or if it offers to buy at another price than before. With act `none` a button keeps its previous meaning; the
 * opening of a sale (`none` to `buy`) is no change.
 */
export function noteMeaning(seen: Meaning, shown: Omit<Meaning, 'changedMs'>, nowMs: number): Meaning {
  const hadMeaning = seen.act !== 'none';
  const act = shown.act === 'none' ? seen.act : shown.act;
  const amount = shown.act === 'buy' || !hadMeaning ? shown.amount : seen.amount;
  const isChanged = seen.index !== shown.index || (hadMeaning && seen.act !== act) || seen.amount !== amount;
  return { act, index: shown.index, amount, changedMs: isChanged ? nowMs : seen.changedMs };
}
