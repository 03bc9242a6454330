import type { ApiError } from '../../call-api.ts';
import { isActive, type Order } from '../orders/order.ts';

/** Why there is no order. */
export type Refusal =
  | 'sold_out'
  | 'not_open'
  | 'paused'
  | 'closed'
  | 'price_above_max'
  | 'gone'
  | 'signed_out'
  | 'forbidden'
  | 'broken';

export type Step =
  /** The intent has an order. */
  | { do: 'show'; order: Order }
  /**
   * This repeat was refused, but an earlier request may have been accepted: read the buyer's orders after `waitMs`. `keep`: if there is
   * none, the order may still be pending.
   */
  | { do: 'look'; otherwise: Refusal; keep: boolean; waitMs: number }
  /** Send the request again. `newKey`: the previous key has a decision, so this is a new intent. */
  | { do: 'repeat'; why: 'limited' | 'busy' | 'opening'; waitMs: number; uncertain: boolean; newKey?: true }
  /** The intent ends without an order. */
  | { do: 'refuse'; why: Refusal }
  /** Too many tries: the buyer decides whether to continue, with the same key. */
  | { do: 'give_up'; uncertain: boolean };

export type Attempt = {
  /** Answers so far, this one included. */
  tries: number;
  /** Whether an earlier request may have been accepted without an answer. */
  uncertain: boolean;
};

export const MAX_TRIES = 8;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 8000;
// A device whose clock is fast may click this much too early.
const OPENING_MS = 3000;
// A decision takes at most a second. The spread keeps buyers who were refused together from reading their orders together.
const LOOK_AFTER_MS = 1000;
const LOOK_SPREAD_MS = 4000;

/** `location`: the response header. */
export type BuyAnswer =
  | { order: Order; location?: string | null }
  | { error: Pick<ApiError, 'code' | 'status' | 'retryAfterMs' | 'problem'> };

/** What to do after an answer to POST /stocks/{sid}/orders. `chance` from 0 to 1 spreads the repeats of many buyers. */
export function nextStep(answer: BuyAnswer, attempt: Attempt, nowMs: number, chance: number): Step {
  if ('order' in answer) return { do: 'show', order: answer.order };
  const { code, status, retryAfterMs, problem } = answer.error;
  const { tries, uncertain } = attempt;
  // With an order number the refusal is the final decision of this key.
  const isDecided = typeof problem.orderNo === 'string';
  const look = (otherwise: Refusal, keep: boolean): Step => {
    if (isDecided || !uncertain) return { do: 'refuse', why: otherwise };
    return { do: 'look', otherwise, keep, waitMs: Math.round(LOOK_AFTER_MS + chance * LOOK_SPREAD_MS) };
  };
  // A new token was tried already.
  if (status === 401) return { do: 'refuse', why: 'signed_out' };
  if (status === 410) return look('sold_out', false);
  if (status === 429) return repeat('limited', Math.max(retryAfterMs, FIRST_WAIT_MS), attempt, uncertain, chance);
  // `busy` means that nothing was done. After any other failure the request may have been accepted.
  if (status === 0 || status >= 500) {
    const waitMs = Math.max(retryAfterMs, Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), MAX_WAIT_MS));
    return repeat('busy', waitMs, attempt, uncertain || code !== 'busy', chance);
  }
  if (code === 'not_open') {
    const waitMs = Date.parse(String(problem.opensAt)) - nowMs;
    if (waitMs < OPENING_MS) {
      const step = repeat('opening', Math.max(waitMs, 100), attempt, uncertain && !isDecided, chance / 10);
      return isDecided && step.do === 'repeat' ? { ...step, newKey: true } : step;
    }
  }
  // These refusals say nothing about earlier requests of the same key.
  if (code === 'not_open' || code === 'paused' || code === 'closed' || code === 'price_above_max')
    return look(code, true);
  if (code === 'forbidden') return { do: 'refuse', why: 'forbidden' };
  return { do: 'refuse', why: status === 404 ? 'gone' : 'broken' };
}

function repeat(
  why: 'limited' | 'busy' | 'opening',
  minMs: number,
  { tries }: Attempt,
  uncertain: boolean,
  chance: number,
): Step {
  if (tries >= MAX_TRIES) return { do: 'give_up', uncertain };
  return { do: 'repeat', why, waitMs: Math.round(minMs * (1 + chance / 2)), uncertain };
}

/** The active order among those of one stock, newest first. */
export function findActiveOrder(orders: Order[]): Order | undefined {
  return orders.find(isActive);
}
