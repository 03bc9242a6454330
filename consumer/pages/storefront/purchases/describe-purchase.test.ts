import t from 'tap';
import type { Stock } from '../../stock.ts';
import type { Order, OrderState } from '../orders/order.ts';
import { texts } from '../parts/texts.ts';
import { describeNews } from './describe-news.ts';
import { describePurchase, type Payment, type Purchase } from './describe-purchase.ts';

const nowMs = Date.parse('2030-01-01T00:00:00Z');
const now = () => nowMs;
const stock: Stock = {
  sid: '1',
  name: 'A lamp',
  price: { amount: 1999, currency: 'CNY' },
  compareAtPrice: null,
  maxPerOrder: 1,
  reference: null,
  description: null,
  pictureUrl: null,
  mode: 'rush',
  entriesOpenAt: null,
  entriesCloseAt: null,
  line: null,
  count: 10,
  sold: 6,
  left: 4,
  opensAt: null,
  closesAt: null,
  state: 'open',
  paused: false,
};
const none: Purchase = { kind: 'none' };
const orderPurchase = (state: OrderState, payment: Payment = 'none', more: Partial<Order> = {}): Purchase => {
  return { kind: 'order', order: { orderNo: 'no', sid: '1', state, ...more }, payment };
};
const button = (purchase: Purchase, more: Partial<Stock> = {}) => {
  const { text, act } = describePurchase({ ...stock, ...more }, purchase, now).button;
  return `${text} ${act}`;
};

t.test('the button says what a click does', async (t) => {
  t.equal(button(none), 'buyFor buy');
  t.equal(button(none, { state: 'sold_out', left: 0 }), 'soldOut none');
  t.equal(button(none, { state: 'paused' }), 'paused none');
  t.equal(button(none, { state: 'closed' }), 'closed none');
  t.equal(button({ kind: 'asking' }), 'asking none');
  t.equal(button({ kind: 'given_up', uncertain: true }), 'tryAgain buy');
  t.equal(button({ kind: 'refused', why: 'sold_out', atMs: 0 }), 'soldOut none');
  t.equal(button({ kind: 'refused', why: 'signed_out', atMs: 0 }), 'tryAgain buy');
  t.equal(button(orderPurchase('pending')), 'inLine none');
  t.equal(button(orderPurchase('awaiting_payment')), 'payNow pay');
  t.equal(button(orderPurchase('awaiting_payment', 'leaving')), 'leaving none');
  t.equal(button(orderPurchase('awaiting_payment', 'back')), 'beingPaid none');
  t.equal(button(orderPurchase('awaiting_payment', 'late')), 'payNow pay');
  t.equal(button(orderPurchase('paid')), 'paid none');
  t.equal(button({ kind: 'refused', why: 'price_above_max', atMs: 0 }), 'buyFor buy');
});

t.test('a price increase is shown as a note, with the new price once it is known', async (t) => {
  const purchase: Purchase = {
    kind: 'refused',
    why: 'price_above_max',
    atMs: 0,
    maxPrice: { amount: 1999, currency: 'CNY' },
  };
  const described = (amount: number) =>
    describePurchase({ ...stock, price: { amount, currency: 'CNY' } }, purchase, now);
  t.match(described(1999), { button: { act: 'buy' }, note: { text: 'notePriceUp' } });
  t.match(described(2999), { button: { text: 'buyFor', act: 'buy' }, note: { text: 'notePriceNow' } });
  t.match(texts.notePriceNow.en, '{price}');
  t.equal(describeNews({ kind: 'asking' }, purchase), 'saysPriceUp');
});

t.test('a refused quantity can be changed at once, and a cooldown is counted down', async (t) => {
  const refused = (more: object) => ({ kind: 'refused', atMs: 0, ...more }) as Purchase;
  const many = { ...stock, maxPerOrder: 5 };
  t.match(describePurchase(many, { kind: 'none' }, now), { note: { text: 'noteOpenMany', values: { max: 5 } } });
  const few = refused({ why: 'too_few_left', left: 2 });
  t.match(describePurchase(many, few, now), {
    button: { act: 'buy' },
    note: { text: 'noteTooFew', values: { left: 2 } },
  });
  t.match(describePurchase(many, refused({ why: 'quantity_above_max' }), now), { note: { text: 'noteTooMany' } });
  const out = refused({ why: 'cooldown', until: new Date(now() + 5000).toISOString() });
  const kept = { button: { text: 'againAfter', act: 'none', leftMs: 5000 }, note: { text: 'noteCooldown' } };
  t.match(describePurchase(stock, out, now), kept);
  t.match(
    describePurchase(stock, out, () => now() + 5001),
    { button: { text: 'buyFor', act: 'buy' } },
  );
  t.equal(describeNews({ kind: 'asking' }, few), 'saysTooFew');
  t.equal(describeNews({ kind: 'asking' }, out), 'saysCooldown');
});

t.test('a declined payment is announced, and the order can be paid again', async (t) => {
  const purchase = orderPurchase('awaiting_payment', 'declined');
  t.match(describePurchase(stock, purchase, now), {
    button: { act: 'pay' },
    note: { text: 'noteDeclined' },
    canCancel: true,
  });
  t.equal(describeNews(orderPurchase('awaiting_payment', 'back'), purchase), 'saysDeclined');
  t.equal(describeNews(purchase, purchase), null);
});

t.test('after an order has ended the stock can be bought again if units are left', async (t) => {
  for (const state of ['expired', 'cancelled', 'refunded'] as const) {
    t.equal(button(orderPurchase(state)), 'buyFor buy');
    t.equal(button(orderPurchase(state), { state: 'sold_out', left: 0 }), 'soldOut none');
  }
});

t.test('money for an order that had ended is always shown', async (t) => {
  const money = {
    paymentId: 'pay',
    amount: { amount: 1999, currency: 'CNY' },
    paidAt: null,
    refundedAt: null,
    createdAt: null,
    refundState: null,
  };
  const note = (state: OrderState, payment: 'started' | 'refund_due' | 'refunded') =>
    describePurchase(stock, orderPurchase(state, 'none', { payments: [{ ...money, state: payment }] }), now).note.text;
  t.equal(note('cancelled', 'started'), 'noteCancelled');
  t.equal(note('cancelled', 'refund_due'), 'noteRefundDue');
  t.equal(note('expired', 'refunded'), 'noteRefunded');
});

t.test('the clock opens and closes a sale before the list is read again', async (t) => {
  const upcoming = { state: 'upcoming', opensAt: '2030-01-01T00:00:12Z' } as const;
  t.match(describePurchase({ ...stock, ...upcoming }, none, now).button, { text: 'opensIn', leftMs: 12_000 });
  t.equal(button(none, { state: 'upcoming', opensAt: '2030-01-01T00:00:00Z' }), 'buyFor buy');
  t.equal(button(none, { state: 'upcoming', opensAt: '2030-01-01T00:00:00Z', left: 0 }), 'soldOut none');
  t.equal(button(none, { state: 'upcoming', opensAt: '2030-01-01T00:00:00Z', paused: true }), 'paused none');
  t.equal(button(none, { closesAt: '2030-01-01T00:00:00Z' }), 'closed none');
});

t.test('the time left to pay is shown; afterwards the order can be neither paid nor cancelled', async (t) => {
  const left = describePurchase(
    stock,
    orderPurchase('awaiting_payment', 'none', { payBy: '2030-01-01T00:01:00Z' }),
    now,
  );
  t.match(left, { payLeftMs: 60_000, canCancel: true, orderNo: 'no', tone: 'have' });
  const over = describePurchase(
    stock,
    orderPurchase('awaiting_payment', 'none', { payBy: '2029-12-31T23:59:59Z' }),
    now,
  );
  t.match(over, { payLeftMs: 0, canCancel: false, button: { text: 'timeOver', act: 'none' } });
});

t.test('outcomes are announced once, progress is not announced', async (t) => {
  const have = orderPurchase('awaiting_payment');
  t.equal(describeNews({ kind: 'asking' }, have), 'saysHave');
  t.equal(describeNews(have, orderPurchase('awaiting_payment', 'back')), null);
  t.equal(describeNews(have, orderPurchase('paid')), 'saysPaid');
  t.equal(describeNews(none, { kind: 'asking' }), null);
  t.equal(describeNews({ kind: 'asking' }, { kind: 'refused', why: 'sold_out', atMs: 0 }), 'saysSoldOut');
  t.equal(describeNews({ kind: 'asking' }, { kind: 'refused', why: 'paused', atMs: 0 }), 'saysRefused');
  t.equal(describeNews({ kind: 'asking' }, { kind: 'given_up', uncertain: true }), 'saysGivenUp');
});
