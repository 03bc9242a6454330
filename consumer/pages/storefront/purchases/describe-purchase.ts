import type { Money } from '../../../api/money.ts';
import { MAX_TRIES } from '../../../client/next-step.ts';
import type { Stock, StockState } from '../../stock.ts';
import type { Order } from '../orders/order.ts';
import type { TextName } from '../parts/texts.ts';

/** Why there is no order. */
export type Refusal =
  | 'sold_out'
  | 'not_open'
  | 'paused'
  | 'closed'
  | 'price_above_max'
  | 'too_few_left'
  | 'quantity_above_max'
  | 'entry_required'
  | 'cooldown'
  | 'not_admitted'
  | 'not_verified'
  | 'gone'
  | 'signed_out'
  | 'forbidden'
  | 'broken';

/** The state of a buyer's purchase of one stock. */
export type Purchase =
  | { kind: 'none' }
  /** Sent, no answer yet. */
  | { kind: 'asking' }
  /** Sends again at `atMs`. */
  | { kind: 'repeating'; why: 'limited' | 'busy' | 'opening'; atMs: number; tries: number }
  | { kind: 'order'; order: Order; payment: Payment }
  /** With `price_above_max` the price at the click, with `too_few_left` the units left, with `cooldown` its end. */
  | { kind: 'refused'; why: Refusal; atMs: number; maxPrice?: Money; left?: number; until?: string }
  /** Sent too often without success; the buyer decides whether to continue. */
  | { kind: 'given_up'; uncertain: boolean };

/**
 * `leaving`: the payment page is opening. `back`: returned, not confirmed yet. `late`: returned, still not confirmed after some seconds.
 * `declined`: by the gateway. `failed`: the payment page did not open.
 */
export type Payment = 'none' | 'leaving' | 'back' | 'late' | 'declined' | 'failed';

export type Act = 'buy' | 'pay' | 'none';
export type Words = {
  text: TextName;
  values?: Record<string, string | number>;
  /** The value of `{left}`. */
  leftMs?: number;
};
export type Description = {
  button: Words & { act: Act; isBusy: boolean };
  note: Words;
  /** The colour of the note. */
  tone: 'plain' | 'have' | 'done' | 'trouble';
  orderNo?: string;
  payLeftMs?: number;
  canCancel: boolean;
};

/** The text of the big button and of the note below it, and what a click does. `now` is called only if the time matters. */
export function describePurchase(stock: Stock, purchase: Purchase, now: () => number): Description {
  switch (purchase.kind) {
    case 'none':
      return describeStock(stock, now);
    case 'asking':
      return waiting({ text: 'asking' }, { text: 'noteAsking' });
    case 'repeating': {
      const seconds = Math.max(0, Math.ceil((purchase.atMs - now()) / 1000));
      const button = { text: 'againIn', values: { seconds } } as const;
      if (purchase.why === 'opening') return waiting({ text: 'asking' }, { text: 'noteOpening' });
      if (purchase.why === 'limited') return waiting(button, { text: 'noteLimited' });
      return {
        ...waiting(button, { text: 'noteBusy', values: { tries: purchase.tries, max: MAX_TRIES - 1 } }),
        tone: 'trouble',
      };
    }
    case 'given_up': {
      const button = { text: 'tryAgain', act: 'buy', isBusy: false } as const;
      const note = { text: purchase.uncertain ? 'noteGivenUp' : 'noteGivenUpUnsent' } as const;
      return { button, note, tone: 'trouble', canCancel: false };
    }
    case 'refused':
      return describeRefusal(stock, purchase, now);
    case 'order':
      return describeOrder(stock, purchase.order, purchase.payment, now);
    default:
      return purchase satisfies never;
  }
}

/** The state at `now`, which may be newer than the list's. */
export function stateNow({ state, opensAt, closesAt, left, paused }: Stock, now: () => number): StockState {
  if (closesAt !== null && now() >= Date.parse(closesAt)) return 'closed';
  if (opensAt !== null && now() < Date.parse(opensAt)) return 'upcoming';
  if (state === 'upcoming' && paused) return 'paused';
  if (state === 'upcoming') return left > 0 ? 'open' : 'sold_out';
  return state;
}

function describeStock(stock: Stock, now: () => number): Description {
  const state = stateNow(stock, now);
  switch (state) {
    case 'upcoming': {
      const leftMs = Date.parse(stock.opensAt ?? '') - now();
      return disabled({ text: 'opensIn', leftMs }, { text: 'noteUpcoming' });
    }
    case 'open':
      return offer('buyFor', noteOpen(stock));
    case 'paused':
      return disabled({ text: 'paused' }, { text: 'notePaused' });
    case 'sold_out':
      return disabled({ text: 'soldOut' }, { text: 'noteSoldOut' });
    case 'closed':
      return disabled({ text: 'closed' }, { text: 'noteClosed' });
    default:
      return state satisfies never;
  }
}

function noteOpen({ maxPerOrder }: Stock): Words {
  return maxPerOrder > 1 ? { text: 'noteOpenMany', values: { max: maxPerOrder } } : { text: 'noteOpen' };
}

/** A buyer is kept out until the end of the cooldown. */
function describeCooldown(stock: Stock, until: string | undefined, now: () => number): Description {
  const leftMs = Date.parse(until ?? '') - now();
  const open = describeStock(stock, now);
  if (!(leftMs > 0) || open.button.act !== 'buy') return open;
  return disabled({ text: 'againAfter', leftMs }, { text: 'noteCooldown' });
}

function describeRefusal(
  stock: Stock,
  purchase: Extract<Purchase, { kind: 'refused' }>,
  now: () => number,
): Description {
  const { why, maxPrice } = purchase;
  switch (why) {
    case 'sold_out':
      return disabled({ text: 'soldOut' }, { text: 'noteSoldOut' });
    case 'paused':
      return disabled({ text: 'paused' }, { text: 'notePaused' });
    case 'closed':
      return disabled({ text: 'closed' }, { text: 'noteClosed' });
    case 'not_open':
      return describeStock(stock, now);
    case 'price_above_max':
      // The displayed price may be older than the refusal.
      return {
        ...describeStock(stock, now),
        note: { text: maxPrice && stock.price.amount > maxPrice.amount ? 'notePriceNow' : 'notePriceUp' },
      };
    case 'too_few_left':
      return {
        ...describeStock(stock, now),
        note: { text: 'noteTooFew', values: { left: purchase.left ?? stock.left } },
      };
    case 'quantity_above_max':
      return { ...describeStock(stock, now), note: { text: 'noteTooMany', values: { max: stock.maxPerOrder } } };
    case 'entry_required':
      return disabled({ text: 'soldOut' }, { text: 'noteEntryRequired' });
    case 'cooldown':
      return describeCooldown(stock, purchase.until, now);
    case 'not_admitted':
      return { ...describeStock(stock, now), note: { text: 'noteNotAdmitted' } };
    case 'not_verified':
      return { ...describeStock(stock, now), note: { text: 'noteNotVerified' } };
    case 'gone':
      return disabled({ text: 'gone' }, { text: 'noteGone' });
    case 'signed_out':
      return { ...offer('tryAgain', { text: 'noteSignedOut' }), tone: 'trouble' };
    case 'forbidden':
      return { ...offer('tryAgain', { text: 'noteForbidden' }), tone: 'trouble' };
    case 'broken':
      return { ...offer('tryAgain', { text: 'noteBroken' }), tone: 'trouble' };
    default:
      return why satisfies never;
  }
}

function describeOrder(stock: Stock, order: Order, payment: Payment, now: () => number): Description {
  const { orderNo, state } = order;
  switch (state) {
    case 'pending':
      return { ...waiting({ text: 'inLine' }, { text: 'noteInLine' }), orderNo };
    case 'awaiting_payment':
      return { ...describeUnpaid(order, payment, now), orderNo };
    case 'paid':
      return { ...disabled({ text: 'paid' }, { text: 'notePaid' }), tone: 'done', orderNo };
    case 'expired':
    case 'cancelled':
    case 'refunded': {
      const again = describeStock(stock, now);
      const note = { expired: 'noteExpired', cancelled: 'noteCancelled', refunded: 'noteRefunded' } as const;
      return { ...again, note: { text: noteOfRefund(order) ?? note[state] } };
    }
    // Orders in these states are not shown on the card.
    case 'sold_out':
    case 'duplicate':
    case 'paused':
    case 'not_open':
    case 'closed':
    case 'price_above_max':
    case 'quantity_above_max':
    case 'entry_required':
      return describeStock(stock, now);
    default:
      return state satisfies never;
  }
}

/** The note about money that arrived after the order ended; null: none arrived. */
function noteOfRefund({ payments = [] }: Order): TextName | null {
  const states = new Set(payments.map(({ state }) => state));
  if (states.has('refund_due')) return 'noteRefundDue';
  return states.has('refunded') ? 'noteRefunded' : null;
}

function describeUnpaid({ payBy }: Order, payment: Payment, now: () => number): Description {
  const leftMs = payBy ? Date.parse(payBy) - now() : undefined;
  const left = leftMs === undefined ? {} : { payLeftMs: Math.max(0, leftMs) };
  const have = { tone: 'have', canCancel: payment !== 'leaving' && payment !== 'back', ...left } as const;
  if (payment === 'leaving') return { ...waiting({ text: 'leaving' }, { text: 'noteLeaving' }), ...have };
  if (payment === 'back') return { ...waiting({ text: 'beingPaid' }, { text: 'noteBeingPaid' }), ...have };
  if (leftMs !== undefined && leftMs <= 0)
    return { ...waiting({ text: 'timeOver' }, { text: 'noteTimeOver' }), ...have, canCancel: false };
  const note = { none: 'noteHave', late: 'noteLate', declined: 'noteDeclined', failed: 'notePayFailed' } as const;
  return { button: { text: 'payNow', act: 'pay', isBusy: false }, note: { text: note[payment] }, ...have };
}

function offer(text: TextName, note: Words): Description {
  return { button: { text, act: 'buy', isBusy: false }, note, tone: 'plain', canCancel: false };
}

function disabled(button: Words, note: Words): Description {
  return { button: { ...button, act: 'none', isBusy: false }, note, tone: 'plain', canCancel: false };
}

function waiting(button: Words, note: Words): Description {
  return { button: { ...button, act: 'none', isBusy: true }, note, tone: 'plain', canCancel: false };
}
