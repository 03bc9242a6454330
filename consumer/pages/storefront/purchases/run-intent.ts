import type { Money } from '../../../api/money.ts';
import type { OrderView } from '../../../orders/order-view.ts';
import { ApiError } from '../../call-api.ts';
import { identity, signIn } from '../../identity.ts';
import { serverNowMs } from '../../server-clock.ts';
import type { createIntents, Intent } from '../orders/keep-intents.ts';
import { callAsBuyer, readOrder, readOrdersOf } from '../orders/my-orders.ts';
import { isActive, type Order, toOrder } from '../orders/order.ts';
import { streams } from '../parts/streams.ts';
import { waitUnlessEnded } from '../parts/wait-unless-ended.ts';
import type { Purchase } from './describe-purchase.ts';
import { type BuyAnswer, findActiveOrder, nextStep, type Refusal, type Step } from './next-step.ts';

const HOLD_STREAMS_AFTER_MS = 1000;

type IntentOptions = {
  sid: string;
  intents: ReturnType<typeof createIntents>;
  /** The price shown at the click. Null: no click; only a stored intent is completed. */
  maxPrice: Money | null;
  /** Aborted when the buyer changes. */
  ended: AbortSignal;
  show(purchase: Purchase): void;
};

/**
 * Runs the intent to buy a unit of `sid`: the stored one, or a new one. Repeats its request, always with the same key and price, until
 * there is an answer or too many tries. Resolves with the resulting purchase; null: the buyer has changed.
 */
export async function runIntent(options: IntentOptions): Promise<Purchase | null> {
  // The first click may come before the sign-in is complete.
  if (!identity.value) await signIn('buyer');
  const buyer = identity.value?.buyer;
  if (options.ended.aborted) return null;
  if (buyer === undefined) return refused('signed_out');
  const begun = findIntent(options, buyer);
  // Another tab has ended it.
  if (!begun) return { kind: 'none' };
  const { orderNo, key } = begun.intent;
  if (orderNo === undefined) return sendIntent(options, buyer, begun);
  const known = await readOrder(orderNo).catch(() => null);
  if (options.ended.aborted) return null;
  if (!known) return sendIntent(options, buyer, begun);
  if (isActive(known) || options.maxPrice === null) return toPurchase(known);
  // Its order has ended: this click is a new intent.
  options.intents.end(buyer, options.sid, key);
  return sendIntent(options, buyer, findIntent(options, buyer) ?? begun);
}

type Begun = { intent: Intent; isNew: boolean };

/** The stored intent, or a new one after a click. */
function findIntent({ sid, intents, maxPrice }: IntentOptions, buyer: string): Begun | null {
  if (maxPrice !== null) return intents.begin(buyer, freshIntent(sid, maxPrice));
  const intent = intents.read(buyer, sid);
  return intent && { intent, isNew: false };
}

function freshIntent(sid: string, maxPrice: Money): Intent {
  return { sid, key: newKey(), sinceMs: serverNowMs(), maxPrice };
}

async function sendIntent(options: IntentOptions, buyer: string, { intent, isNew }: Begun): Promise<Purchase | null> {
  const { sid, ended, show } = options;
  let current = intent;
  const attempt = { tries: 0, uncertain: !isNew };
  // A request that certainly did nothing does not count: refused buyers must pass the same limits again.
  let sends = isNew ? 1 : 2;

  for (;;) {
    attempt.tries += 1;
    const answer = await send(current, sends);
    if (ended.aborted) return null;
    const next = nextStep(answer, attempt, serverNowMs(), Math.random());
    const step = next.do === 'look' ? await readActiveOrder(sid, next, ended) : next;
    if (ended.aborted) return null;
    if (step.do !== 'repeat') return endIntent(options.intents, buyer, current, step, answer, attempt.uncertain);
    attempt.uncertain = step.uncertain;
    if (step.newKey) {
      options.intents.end(buyer, sid, current.key);
      ({ intent: current } = options.intents.begin(buyer, freshIntent(sid, current.maxPrice)));
      sends = 1;
    } else if (step.uncertain || sends > 1) {
      sends += 1;
    }
    show({ kind: 'repeating', why: step.why, atMs: serverNowMs() + step.waitMs, tries: attempt.tries });
    await waitUnlessEnded(step.waitMs, ended);
    if (ended.aborted) return null;
    show({ kind: 'asking' });
  }
}

type LookStep = Extract<Step, { do: 'look' }>;
type LastStep = Exclude<Step, LookStep | { do: 'repeat' }>;

/** Stores the result of the last step, and returns the purchase that it leads to. */
function endIntent(
  intents: IntentOptions['intents'],
  buyer: string,
  { sid, key, maxPrice }: Intent,
  step: LastStep,
  answer: BuyAnswer,
  wasUncertain: boolean,
): Purchase {
  switch (step.do) {
    case 'show': {
      const { order } = step;
      const location = 'order' in answer ? answer.location : undefined;
      if (isActive(order)) intents.setOrder(buyer, sid, key, order.orderNo, location);
      else intents.end(buyer, sid, key);
      return toPurchase(order);
    }
    case 'give_up':
      if (step.uncertain) intents.giveUp(buyer, sid, key);
      else intents.end(buyer, sid, key);
      return { kind: 'given_up', uncertain: step.uncertain };
    case 'refuse':
      // After signing in, the buyer may click again for the order whose answer was lost.
      if (step.why === 'signed_out' && wasUncertain) intents.giveUp(buyer, sid, key);
      else intents.end(buyer, sid, key);
      return step.why === 'price_above_max' ? { ...refused(step.why), maxPrice } : refused(step.why);
    default:
      return step satisfies never;
  }
}

/** `sends`: 1 as long as no request with this key can have been accepted. */
async function send({ sid, key, maxPrice }: Intent, sends: number): Promise<BuyAnswer> {
  const headers = { 'idempotency-key': `"${key}"`, 'idempotency-attempt': String(sends) };
  // The request may be waiting for one of the browser's connections.
  const timer = setTimeout(() => streams.hold(true), HOLD_STREAMS_AFTER_MS);
  try {
    const call = { method: 'POST', headers, body: { maxPrice } } as const;
    const answer = await callAsBuyer<OrderView>(`/stocks/${sid}/orders`, call);
    return { order: toOrder(answer.body), location: answer.headers.get('location') };
  } catch (error) {
    if (error instanceof ApiError) return { error };
    throw error;
  } finally {
    clearTimeout(timer);
    streams.hold(false);
  }
}

/** After a refused repeat: whether the buyer's orders contain an active one. */
async function readActiveOrder(sid: string, step: LookStep, ended: AbortSignal): Promise<Exclude<Step, LookStep>> {
  await waitUnlessEnded(step.waitMs, ended);
  if (ended.aborted) return { do: 'give_up', uncertain: true };
  try {
    const order = findActiveOrder(await readOrdersOf(sid));
    if (order) return { do: 'show', order };
  } catch {
    return { do: 'give_up', uncertain: true };
  }
  return step.keep ? { do: 'give_up', uncertain: true } : { do: 'refuse', why: step.otherwise };
}

function toPurchase(order: Order): Purchase {
  return { kind: 'order', order, payment: 'none' };
}

function refused(why: Refusal): Extract<Purchase, { kind: 'refused' }> {
  return { kind: 'refused', why, atMs: performance.now() };
}

/** crypto.randomUUID exists over HTTPS only. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
