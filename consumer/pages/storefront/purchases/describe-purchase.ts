import type { Stock, StockState } from '../../stock.ts';
import type { Order } from '../orders/order.ts';
import type { TextName } from '../parts/texts.ts';
import { MAX_TRIES, type Refusal } from './next-step.ts';

/** How a buyer stands with one stock. */
export type Purchase =
  | { kind: 'none' }
  /** Clicked, and no answer yet. */
  | { kind: 'asking' }
  /** Asks again by itself at `atMs`. */
  | { kind: 'repeating'; why: 'limited' | 'busy' | 'opening'; atMs: number; tries: number }
  | { kind: 'order'; order: Order; payment: Payment }
  /** `maxPriceCents`: of `price_above_max`, the price at the click. */
  | { kind: 'refused'; why: Refusal; atMs: number; maxPriceCents?: number }
  /** Asked often enough; the buyer says whether it goes on. */
  | { kind: 'given_up'; uncertain: boolean };

/**
 * Where the buyer is with paying: on the way there, back and not confirmed yet, back for long, declined at the gateway, or the
 * gateway's page did not open.
 */
export type Payment = 'none' | 'leaving' | 'back' | 'late' | 'declined' | 'failed';

export type Act = 'buy' | 'pay' | 'none';
export type Words = {
  text: TextName;
  values?: Record<string, string | number>;
  /** What `{left}` stands for. */
  leftMs?: number;
};
export type Description = {
  button: Words & { act: Act; isBusy: boolean };
  note: Words;
  /** What is going on with it, for the colour of the note. */
  tone: 'plain' | 'have' | 'done' | 'trouble';
  orderNo?: string;
  payLeftMs?: number;
  canCancel: boolean;
};

/** What the big button and the line below it say, and what a click does. `now` is asked only where time matters. */
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
        ...waiting(button, { text: 'noteBusy', values: { tries: purchase.tries, most: MAX_TRIES - 1 } }),
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

/** The state by the clock, which knows of an opening before the list does. */
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
      return still({ text: 'opensIn', leftMs }, { text: 'noteUpcoming' });
    }
    case 'open':
      return offer('buyFor', { text: 'noteOpen' });
    case 'paused':
      return still({ text: 'paused' }, { text: 'notePaused' });
    case 'sold_out':
      return still({ text: 'soldOut' }, { text: 'noteSoldOut' });
    case 'closed':
      return still({ text: 'closed' }, { text: 'noteClosed' });
    default:
      return state satisfies never;
  }
}

function describeRefusal(
  stock: Stock,
  purchase: Extract<Purchase, { kind: 'refused' }>,
  now: () => number,
): Description {
  const { why, maxPriceCents = Number.POSITIVE_INFINITY } = purchase;
  switch (why) {
    case 'sold_out':
      return still({ text: 'soldOut' }, { text: 'noteSoldOut' });
    case 'paused':
      return still({ text: 'paused' }, { text: 'notePaused' });
    case 'closed':
      return still({ text: 'closed' }, { text: 'noteClosed' });
    case 'not_open':
      return describeStock(stock, now);
    case 'price_above_max':
      // The price that is shown may be older than the refusal.
      return {
        ...describeStock(stock, now),
        note: { text: stock.priceCents > maxPriceCents ? 'notePriceNow' : 'notePriceUp' },
      };
    case 'gone':
      return still({ text: 'gone' }, { text: 'noteGone' });
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
      return { ...still({ text: 'paid' }, { text: 'notePaid' }), tone: 'done', orderNo };
    case 'expired':
    case 'cancelled':
    case 'refunded': {
      // Over: one may buy again, if it can be bought.
      const again = describeStock(stock, now);
      const note = { expired: 'noteExpired', cancelled: 'noteCancelled', refunded: 'noteRefunded' } as const;
      return { ...again, note: { text: noteOfMoney(order) ?? note[state] } };
    }
    // No order of these states is shown in a stock's place.
    case 'sold_out':
    case 'duplicate':
    case 'paused':
    case 'not_open':
    case 'closed':
    case 'price_above_max':
      return describeStock(stock, now);
    default:
      return state satisfies never;
  }
}

/** What is to be said of money that came for an order that has ended; null: none came. */
function noteOfMoney({ payments = [] }: Order): TextName | null {
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

function still(button: Words, note: Words): Description {
  return { button: { ...button, act: 'none', isBusy: false }, note, tone: 'plain', canCancel: false };
}

function waiting(button: Words, note: Words): Description {
  return { button: { ...button, act: 'none', isBusy: true }, note, tone: 'plain', canCancel: false };
}

export const DAY_MS = 86_400_000;

/** `09:59`, from an hour on or with `hours` `1:00:00`: never more time than there is, and 00:00 only when it is over. */
export function countdown(ms: number, withHours = false): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 || withHours ? `${withHours ? two(hours) : hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
