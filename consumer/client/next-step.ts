import type { Order } from './api-types.ts';
import type { FlashSaleError } from './flash-sale-error.ts';

export type Step =
  /** The intent has an order. */
  | { do: 'show'; order: Order }
  /**
   * This repeat was refused, but an earlier request may have been accepted: read the buyer's orders after `waitMs`. `keep`: if there is
   * none, the order may still be pending.
   */
  | { do: 'look'; keep: boolean; waitMs: number }
  /** Send the request again. `newKey`: the previous key has a decision, so this is a new intent. */
  | { do: 'repeat'; why: 'limited' | 'busy' | 'opening'; waitMs: number; uncertain: boolean; newKey?: true }
  /** The intent ends without an order. */
  | { do: 'refuse' }
  /** Too many tries: the buyer decides whether to continue, with the same key. */
  | { do: 'give_up'; uncertain: boolean };

export type Attempt = {
  /** Answers so far, this one included. */
  tries: number;
  /** Whether an earlier request may have been accepted without an answer. */
  uncertain: boolean;
  /** An opening that is later than this is a refusal. */
  waitForOpeningMs: number;
};

export type BuyAnswer =
  | { order: Order; isNew?: boolean }
  | { error: Pick<FlashSaleError, 'code' | 'status' | 'retryAfterMs' | 'problem'> };

export const MAX_TRIES = 8;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 8000;
const OPENING_SPREAD_MS = 100;
// A decision takes at most a second. The spread keeps buyers who were refused together from reading their orders together.
const LOOK_AFTER_MS = 1000;
const LOOK_SPREAD_MS = 4000;
/** These refusals say nothing about earlier requests of the same key. */
const MOMENTARY = new Set([
  'not_open',
  'paused',
  'closed',
  'price_above_max',
  'quantity_above_max',
  'entry_required',
  'too_few_left',
  'cooldown',
  'admission_required',
  'claim_required',
  'risk_denied',
]);

/** What to do after an answer to POST /stocks/{sid}/orders. `chance` from 0 to 1 spreads the repeats of many buyers. */
export function nextStep(answer: BuyAnswer, attempt: Attempt, nowMs: number, chance: number): Step {
  if ('order' in answer) return { do: 'show', order: answer.order };
  const { code, status, retryAfterMs, problem } = answer.error;
  const { tries, uncertain } = attempt;
  // With an order number the refusal is the final decision of this key.
  const isDecided = typeof problem.orderNo === 'string';
  const repeat = (why: 'limited' | 'busy' | 'opening', waitMs: number, uncertain: boolean): Step => {
    return tries < MAX_TRIES
      ? { do: 'repeat', why, waitMs: Math.round(waitMs), uncertain }
      : { do: 'give_up', uncertain };
  };
  const spread = (ms: number) => ms * (1 + chance / 2);

  if (status === 429) return repeat('limited', spread(Math.max(retryAfterMs, FIRST_WAIT_MS)), uncertain);
  // `busy` means that nothing was done. After any other failure the request may have been accepted.
  if (status === 0 || status >= 500) {
    const waitMs = Math.max(retryAfterMs, Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), MAX_WAIT_MS));
    return repeat('busy', spread(waitMs), uncertain || code !== 'busy');
  }
  if (code === 'not_open') {
    const waitMs = Date.parse(String(problem.opensAt)) - nowMs;
    if (waitMs < attempt.waitForOpeningMs) {
      const step = repeat('opening', Math.max(waitMs, 100) + chance * OPENING_SPREAD_MS, uncertain && !isDecided);
      return isDecided && step.do === 'repeat' ? { ...step, newKey: true } : step;
    }
  }
  if (isDecided || !uncertain || (status !== 410 && !MOMENTARY.has(code))) return { do: 'refuse' };
  return { do: 'look', keep: status !== 410, waitMs: Math.round(LOOK_AFTER_MS + chance * LOOK_SPREAD_MS) };
}
