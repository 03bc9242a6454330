import t from 'tap';
import type { Order, OrderState } from './api-types.ts';
import { MAX_TRIES, nextStep } from './next-step.ts';

const nowMs = Date.parse('2030-01-01T00:00:00Z');
const fresh = { tries: 1, uncertain: false, waitForOpeningMs: 3000 };
const error = (
  status: number,
  code: string,
  { retryAfterMs = 0, ...problem }: { retryAfterMs?: number; opensAt?: string; orderNo?: string } = {},
) => ({ error: { status, code, retryAfterMs, problem } });
const order = (orderNo: string, state: OrderState) => ({ orderNo, sid: '1', state }) as Order;

t.test('an order is shown in any state', async (t) => {
  for (const state of ['pending', 'awaiting_payment', 'paid', 'expired'] as const)
    t.same(nextStep({ order: order('1', state) }, fresh, nowMs, 0), { do: 'show', order: order('1', state) });
});

t.test('no answer, and every failure except busy, makes the outcome uncertain', async (t) => {
  t.match(nextStep(error(0, 'lost'), fresh, nowMs, 0), { do: 'repeat', why: 'busy', uncertain: true });
  t.match(nextStep(error(503, 'unavailable'), fresh, nowMs, 0), { do: 'repeat', uncertain: true });
  t.match(nextStep(error(500, 'internal'), fresh, nowMs, 0), { do: 'repeat', uncertain: true });
  t.match(nextStep(error(503, 'busy'), fresh, nowMs, 0), { do: 'repeat', uncertain: false });
  t.match(nextStep(error(503, 'busy'), { tries: 2, uncertain: true, waitForOpeningMs: 3000 }, nowMs, 0), {
    uncertain: true,
  });
});

t.test('repeats honour Retry-After, back off, and are limited', async (t) => {
  t.match(nextStep(error(429, 'too_many_requests', { retryAfterMs: 3000 }), fresh, nowMs, 0), { waitMs: 3000 });
  t.match(nextStep(error(429, 'too_many_requests', { retryAfterMs: 3000 }), fresh, nowMs, 1), { waitMs: 4500 });
  const waits = [1, 2, 3, 4, 5, 6].map((tries) =>
    nextStep(error(0, 'lost'), { tries, uncertain: true, waitForOpeningMs: 0 }, nowMs, 0),
  );
  t.match(
    waits.map((step) => 'waitMs' in step && step.waitMs),
    [500, 1000, 2000, 4000, 8000, 8000],
  );
  const last = { tries: MAX_TRIES, uncertain: false, waitForOpeningMs: 0 };
  t.same(nextStep(error(0, 'lost'), last, nowMs, 0), { do: 'give_up', uncertain: true });
  t.same(nextStep(error(429, 'too_many_requests'), last, nowMs, 0), { do: 'give_up', uncertain: false });
});

t.test('a click shortly before the opening is repeated at the opening', async (t) => {
  const soon = error(409, 'not_open', { opensAt: '2030-01-01T00:00:01Z' });
  t.match(nextStep(soon, fresh, nowMs, 0), { do: 'repeat', why: 'opening', waitMs: 1000 });
  const later = error(409, 'not_open', { opensAt: '2030-01-01T01:00:00Z' });
  t.same(nextStep(later, fresh, nowMs, 0), { do: 'refuse' });
  t.same(nextStep(error(409, 'not_open'), fresh, nowMs, 0), { do: 'refuse' });
});

t.test('a refused first request was not accepted: no orders are read', async (t) => {
  for (const [status, code] of [
    [410, 'sold_out'],
    [409, 'paused'],
    [409, 'closed'],
    [409, 'too_few_left'],
    [409, 'cooldown'],
    [403, 'admission_required'],
    [403, 'claim_required'],
    [403, 'risk_denied'],
  ] as const)
    t.same(nextStep(error(status, code), fresh, nowMs, 0), { do: 'refuse' });
});

t.test('after a refused repeat the buyer’s orders are read, delayed and spread', async (t) => {
  const uncertain = { tries: 2, uncertain: true, waitForOpeningMs: 3000 };
  const waits = { do: 'look', waitMs: 1000 };
  t.same(nextStep(error(410, 'sold_out'), uncertain, nowMs, 0), { ...waits, keep: false });
  t.same(nextStep(error(409, 'paused'), uncertain, nowMs, 0), { ...waits, keep: true });
  t.same(nextStep(error(409, 'closed'), uncertain, nowMs, 0), { ...waits, keep: true });
  t.match(nextStep(error(410, 'sold_out'), uncertain, nowMs, 1), { waitMs: 5000 });
});

t.test('a refusal with an order number is final: no orders are read, and a new try has a new key', async (t) => {
  const uncertain = { tries: 2, uncertain: true, waitForOpeningMs: 3000 };
  const decided = { orderNo: '1-x-y' };
  t.same(nextStep(error(410, 'sold_out', decided), uncertain, nowMs, 0), { do: 'refuse' });
  t.same(nextStep(error(409, 'closed', decided), uncertain, nowMs, 0), { do: 'refuse' });
  const soon = { ...decided, opensAt: '2030-01-01T00:00:01Z' };
  t.match(nextStep(error(409, 'not_open', soon), uncertain, nowMs, 0), {
    do: 'repeat',
    why: 'opening',
    uncertain: false,
    newKey: true,
  });
});

t.test('a price increase ends the intent; without an order number the decision is not known', async (t) => {
  const uncertain = { tries: 2, uncertain: true, waitForOpeningMs: 3000 };
  const above = (orderNo?: string) => error(409, 'price_above_max', orderNo === undefined ? {} : { orderNo });
  t.same(nextStep(above('1-x-y'), uncertain, nowMs, 0), { do: 'refuse' });
  t.same(nextStep(above(), fresh, nowMs, 0), { do: 'refuse' });
  t.match(nextStep(above(), uncertain, nowMs, 0), { do: 'look', keep: true });
});

t.test('failures that the buyer cannot fix end the intent', async (t) => {
  t.same(nextStep(error(401, 'unauthorized'), fresh, nowMs, 0), { do: 'refuse' });
  t.same(nextStep(error(403, 'forbidden'), fresh, nowMs, 0), { do: 'refuse' });
  t.same(nextStep(error(404, 'stock_not_found'), fresh, nowMs, 0), { do: 'refuse' });
  t.same(nextStep(error(400, 'invalid_request'), fresh, nowMs, 0), { do: 'refuse' });
});
