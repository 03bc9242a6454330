import { ApiError } from '../../call-api.ts';
import { identity, signIn } from '../../identity.ts';
import { serverNowMs } from '../../server-clock.ts';
import type { createIntents, Intent } from '../orders/keep-intents.ts';
import { callAsBuyer, readOrder, readOrdersOf } from '../orders/my-orders.ts';
import { isActive, type Order } from '../orders/order.ts';
import { streams } from '../parts/streams.ts';
import { waitUnlessEnded } from '../parts/wait-unless-ended.ts';
import type { Purchase } from './describe-purchase.ts';
import { type BuyAnswer, nextStep, orderThatCounts, type Refusal, type Step } from './next-step.ts';

const STREAMS_GIVE_WAY_MS = 1000;

type Wish = {
  sid: number;
  intents: ReturnType<typeof createIntents>;
  /** The price that was shown at the click. null: no click; only what was under way is brought to its end. */
  maxPriceCents: number | null;
  /** Somebody else uses the page now. */
  ended: AbortSignal;
  show(purchase: Purchase): void;
};

/**
 * Carries out the intent to buy a unit of `sid`: the one that is under way, or a new one. Sends it again, always with its key and
 * at its price, until there is an answer or it was tried often enough. Resolves with where that leaves the buyer; null: the buyer has changed.
 */
export async function runIntent(wish: Wish): Promise<Purchase | null> {
  // Who clicks as soon as there is a button may not be signed in yet.
  if (!identity.value) await signIn('buyer');
  const buyer = identity.value?.buyer;
  if (wish.ended.aborted) return null;
  if (buyer === undefined) return refused('signed_out');
  const begun = findIntent(wish, buyer);
  // Another tab has ended it.
  if (!begun) return { kind: 'none' };
  const { orderNo, key } = begun.intent;
  if (orderNo === undefined) return carryOut(wish, buyer, begun);
  const known = await readOrder(orderNo).catch(() => null);
  if (wish.ended.aborted) return null;
  if (!known) return carryOut(wish, buyer, begun);
  if (isActive(known) || wish.maxPriceCents === null) return toPurchase(known);
  // Its order has ended: this click is another intent.
  wish.intents.end(buyer, wish.sid, key);
  return carryOut(wish, buyer, findIntent(wish, buyer) ?? begun);
}

type Begun = { intent: Intent; isNew: boolean };

/** The intent that is under way, or at a click a new one. */
function findIntent({ sid, intents, maxPriceCents }: Wish, buyer: string): Begun | null {
  if (maxPriceCents !== null) return intents.begin(buyer, freshIntent(sid, maxPriceCents));
  const intent = intents.read(buyer, sid);
  return intent && { intent, isNew: false };
}

function freshIntent(sid: number, maxPriceCents: number): Intent {
  return { sid, key: newKey(), sinceMs: serverNowMs(), maxPriceCents };
}

async function carryOut(wish: Wish, buyer: string, begun: Begun): Promise<Purchase | null> {
  const { sid, intents, ended, show } = wish;
  const { isNew } = begun;
  let { intent } = begun;
  const attempt = { tries: 0, uncertain: !isNew };
  // What surely did nothing is no repeat: a crowd that was turned away must not come past what turned it away.
  let sends = isNew ? 1 : 2;

  for (;;) {
    attempt.tries += 1;
    const { key, maxPriceCents } = intent;
    const answer = await send(intent, sends);
    if (ended.aborted) return null;
    const next = nextStep(answer, attempt, serverNowMs(), Math.random());
    const step = next.do === 'look' ? await look(sid, next, ended) : next;
    if (ended.aborted) return null;
    switch (step.do) {
      case 'show': {
        const { order } = step;
        const location = 'order' in answer ? answer.location : undefined;
        if (isActive(order)) intents.setOrder(buyer, sid, key, order.orderNo, location);
        else intents.end(buyer, sid, key);
        return toPurchase(order);
      }
      case 'repeat': {
        attempt.uncertain = step.uncertain;
        if (step.newKey) {
          intents.end(buyer, sid, key);
          ({ intent } = intents.begin(buyer, freshIntent(sid, maxPriceCents)));
          sends = 1;
        } else if (step.uncertain || sends > 1) {
          sends += 1;
        }
        show({ kind: 'repeating', why: step.why, atMs: serverNowMs() + step.waitMs, tries: attempt.tries });
        await waitUnlessEnded(step.waitMs, ended);
        if (ended.aborted) return null;
        show({ kind: 'asking' });
        break;
      }
      case 'give_up':
        if (step.uncertain) intents.giveUp(buyer, sid, key);
        else intents.end(buyer, sid, key);
        return { kind: 'given_up', uncertain: step.uncertain };
      case 'refuse':
        // After a sign-in the buyer clicks again: it may be the one whose answer was lost.
        if (step.why === 'signed_out' && attempt.uncertain) intents.giveUp(buyer, sid, key);
        else intents.end(buyer, sid, key);
        return step.why === 'price_above_max' ? { ...refused(step.why), maxPriceCents } : refused(step.why);
      default:
        return step satisfies never;
    }
  }
}

/** `sends`: 1 where no request with this key can have been taken yet. */
async function send({ sid, key, maxPriceCents }: Intent, sends: number): Promise<BuyAnswer> {
  const headers = { 'idempotency-key': `"${key}"`, 'idempotency-attempt': String(sends) };
  // It may wait for one of the browser's connections.
  const timer = setTimeout(() => streams.hold(true), STREAMS_GIVE_WAY_MS);
  try {
    const call = { method: 'POST', headers, body: { maxPriceCents } } as const;
    const answer = await callAsBuyer<Order>(`/stocks/${sid}/orders`, call);
    return { order: answer.body, location: answer.headers.get('location') };
  } catch (error) {
    if (error instanceof ApiError) return { error };
    throw error;
  } finally {
    clearTimeout(timer);
    streams.hold(false);
  }
}

type Look = Extract<Step, { do: 'look' }>;

/** What the buyer's orders say to a refusal. */
async function look(sid: number, step: Look, ended: AbortSignal): Promise<Exclude<Step, Look>> {
  await waitUnlessEnded(step.waitMs, ended);
  if (ended.aborted) return { do: 'give_up', uncertain: true };
  try {
    const order = orderThatCounts(await readOrdersOf(sid));
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

/** crypto.randomUUID is there over HTTPS only. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
