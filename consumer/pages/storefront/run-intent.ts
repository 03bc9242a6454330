import { ApiError } from '../call-api.ts';
import { identity, signIn } from '../identity.ts';
import { serverNowMs } from '../server-clock.ts';
import type { Deal } from './describe-deal.ts';
import type { openIntents } from './keep-intents.ts';
import { callAsBuyer, readOrder, readOrdersOf } from './my-orders.ts';
import { type BuyAnswer, nextStep, orderThatCounts, type Step } from './next-step.ts';
import { isLive, type Order } from './order-types.ts';
import { stockOf } from './stocks.ts';
import { streams } from './streams.ts';
import { waitUnlessEnded } from './wait-unless-ended.ts';

const STREAMS_GIVE_WAY_MS = 1000;

type Wish = {
  sid: number;
  intents: ReturnType<typeof openIntents>;
  /** Nobody clicked just now: only what was under way is brought to its end. */
  isResumed: boolean;
  /** Somebody else uses the page now. */
  ended: AbortSignal;
  show(deal: Deal): void;
};

/**
 * Carries out the intent to buy a unit of `sid`: the one that is under way, or a new one. Sends it again, always with its key,
 * until there is an answer or it was tried often enough. Resolves with where that leaves the buyer; null: the buyer has changed.
 */
export async function runIntent({ sid, intents, isResumed, ended, show }: Wish): Promise<Deal | null> {
  // Who clicks as soon as there is a button may not be signed in yet.
  if (!identity.value) await signIn('buyer');
  const buyer = identity.value?.buyer;
  if (ended.aborted) return null;
  if (buyer === undefined) return refused('signed_out');
  let { intent, isNew } = intents.begin(buyer, sid, serverNowMs(), newKey);
  if (intent.orderNo !== undefined) {
    const known = await readOrder(intent.orderNo).catch(() => null);
    if (ended.aborted) return null;
    if (known && (isLive(known) || isResumed)) return toDeal(known);
    // Its order has ended: this click is another intent.
    if (known) {
      intents.end(buyer, sid, intent.key);
      ({ intent, isNew } = intents.begin(buyer, sid, serverNowMs(), newKey));
    }
  }
  let { key } = intent;
  const attempt = { tries: 0, uncertain: !isNew };
  // What surely did nothing is no repeat: a crowd that was turned away must not come past what turned it away.
  let sends = isNew ? 1 : 2;

  for (;;) {
    attempt.tries += 1;
    const answer = await send(sid, key, sends);
    if (ended.aborted) return null;
    let step: Step = nextStep(answer, attempt, serverNowMs(), Math.random());
    if (step.do === 'look') step = await look(sid, step, ended);
    if (ended.aborted) return null;
    switch (step.do) {
      case 'show': {
        const { order } = step;
        if (isLive(order)) intents.setOrder(buyer, sid, key, order.orderNo);
        else intents.end(buyer, sid, key);
        return toDeal(order);
      }
      case 'repeat': {
        attempt.uncertain = step.uncertain;
        if (step.newKey) {
          intents.end(buyer, sid, key);
          ({ key } = intents.begin(buyer, sid, serverNowMs(), newKey).intent);
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
        if (!step.uncertain) intents.end(buyer, sid, key);
        return { kind: 'given_up', uncertain: step.uncertain };
      case 'refuse':
        if (step.why !== 'signed_out') intents.end(buyer, sid, key);
        return refused(step.why);
      case 'look':
        return step.keep ? { kind: 'given_up', uncertain: true } : refused(step.otherwise);
      default:
        return step satisfies never;
    }
  }
}

/** `sends`: 1 where no request with this key can have been taken yet. */
async function send(sid: number, key: string, sends: number): Promise<BuyAnswer> {
  const headers = {
    'idempotency-key': `"${key}"`,
    'idempotency-attempt': String(sends),
    // For servers of the release before, which know a repeat by this.
    ...(sends > 1 && { 'cache-control': 'no-cache' }),
  };
  // It may wait for one of the browser's connections.
  const timer = setTimeout(() => streams.hold(true), STREAMS_GIVE_WAY_MS);
  try {
    // Never at a higher price than the one that is shown.
    const shown = stockOf(sid)?.peek().priceCents;
    const wish = shown === undefined ? {} : { body: { maxPriceCents: shown } };
    const { body } = await callAsBuyer<Order>(`/stocks/${sid}/orders`, { method: 'POST', headers, ...wish });
    return { order: body };
  } catch (error) {
    if (error instanceof ApiError) return { error };
    throw error;
  } finally {
    clearTimeout(timer);
    streams.hold(false);
  }
}

/** What the buyer's orders say to a refusal. */
async function look(sid: number, step: Extract<Step, { do: 'look' }>, ended: AbortSignal): Promise<Step> {
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

function toDeal(order: Order): Deal {
  return { kind: 'order', order, payment: 'none' };
}

function refused(why: Extract<Deal, { kind: 'refused' }>['why']): Deal {
  return { kind: 'refused', why, atMs: performance.now() };
}

/** crypto.randomUUID is there over HTTPS only. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
