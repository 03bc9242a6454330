import type { ApiError } from '../../call-api.ts';
import { isActive, type Order } from '../orders/order.ts';

/** Why there is no order, as far as the buyer can do something about it. */
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
  /** The intent has an order; its state says the rest. */
  | { do: 'show'; order: Order }
  /**
   * This repeat was refused, and an earlier request may have been taken: after `waitMs` the buyer's orders are read. `keep`: without
   * an order among them it may still be decided.
   */
  | { do: 'look'; otherwise: Refusal; keep: boolean; waitMs: number }
  /** Send the request again. `newKey`: the one before was decided, so this is a new intent. */
  | { do: 'repeat'; why: 'limited' | 'busy' | 'opening'; waitMs: number; uncertain: boolean; newKey?: true }
  /** The intent has come to its end without an order. */
  | { do: 'refuse'; why: Refusal }
  /** So often in vain that the buyer decides whether to go on, with the same key. */
  | { do: 'give_up'; uncertain: boolean };

export type Attempt = {
  /** Answers so far, this one included. */
  tries: number;
  /** Whether an earlier request may have been taken although no answer came. */
  uncertain: boolean;
};

export const MAX_TRIES = 8;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 8000;
// A device that is a little ahead clicks a little early.
const OPENING_MS = 3000;
// A decision takes a second at most; a crowd that is refused at one moment must not ask for its orders at one moment.
const LOOK_AFTER_MS = 1000;
const LOOK_SPREAD_MS = 4000;

/** `location`: the header of that name. */
export type BuyAnswer =
  | { order: Order; location?: string | null }
  | { error: Pick<ApiError, 'code' | 'status' | 'retryAfterMs' | 'problem'> };

/** What a buyer's page does about an answer to POST /stocks/{sid}/orders. `chance` spreads the repeats of a crowd: 0 to 1. */
export function nextStep(answer: BuyAnswer, attempt: Attempt, nowMs: number, chance: number): Step {
  if ('order' in answer) return { do: 'show', order: answer.order };
  const { code, status, retryAfterMs, problem } = answer.error;
  const { tries, uncertain } = attempt;
  // The refusal is the decision of this key, for ever.
  const isDecided = typeof problem.orderNo === 'string';
  const look = (otherwise: Refusal, keep: boolean): Step => {
    if (isDecided || !uncertain) return { do: 'refuse', why: otherwise };
    return { do: 'look', otherwise, keep, waitMs: Math.round(LOOK_AFTER_MS + chance * LOOK_SPREAD_MS) };
  };
  // A new token was asked for already.
  if (status === 401) return { do: 'refuse', why: 'signed_out' };
  if (status === 410) return look('sold_out', false);
  if (status === 429) return repeat('limited', Math.max(retryAfterMs, FIRST_WAIT_MS), attempt, uncertain, chance);
  // `busy` is said before anything was done. Of everything else nobody knows.
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
  // A sale that has stopped, or a price that has risen, says nothing about what was sent before.
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

/** The order that counts among those of one stock, newest first: a live one, where there is one. */
export function orderThatCounts(orders: Order[]): Order | undefined {
  return orders.find(isActive);
}
