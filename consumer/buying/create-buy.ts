import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import { toDecidedOrder } from '../../db/orders/decided-message.ts';
import { refuseOrder } from '../../db/orders/refuse-order.ts';
import { STOCK_FRESH_MS } from '../../db/stocks/stock-cache.ts';
import { mintOrderNumber, numberKindOf, orderNumbersOf } from '../../proto/messages/order-number.ts';
import { realClock, withDeadline } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import type { AdmissionCheck } from '../admission/admission-check.ts';
import type { RiskCheck } from '../admission/risk-check.ts';
import { type Money, otherCurrency } from '../api/money.ts';
import type { Identity } from '../auth/identity-reader.ts';
import type { Reply } from '../http/direct-reply.ts';
import { Problem, retryAfter, tooManyRequests } from '../http/problem.ts';
import { preferences, readIdempotencyAttempt, readIdempotencyKey, readWaitSeconds } from '../http/read-headers.ts';
import type { OrderLimits } from '../limits/order-limits.ts';
import type { BuyRequest } from '../orders/buy-unit.ts';
import { nameOrder } from '../orders/name-order.ts';
import type { OrderClient } from '../orders/order-client.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import type { StockReader } from '../stocks/stock-reader.ts';
import { type AnswerDependencies, answerBuyer } from './answer-buyer.ts';

export type BuyOptions = AnswerDependencies & {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY' | 'ORDER_WAIT_MS'>;
  orders: Pick<OrderClient, 'buy' | 'getOrder' | 'turnAway' | 'arrive'>;
  stocks: StockReader;
  limits: OrderLimits;
  /** Null: nothing is required of buyers. */
  checkAdmission: AdmissionCheck | null;
  /** Null: the shop has no risk service. */
  checkRisk: RiskCheck | null;
  traces?: Traces | undefined;
};

type BuyDependencies = BuyOptions & {
  /** When each stock was last read as one that refuses every buyer: sold out, or its units go to offers. */
  refusedAllAtMs: LRUCache<number, number>;
};

/** An order as it arrives, from a verified buyer. */
export type BuyCall = {
  sid: number;
  caller: Identity;
  headers: IncomingHttpHeaders;
  maxPrice?: Money | undefined;
  /** As in PlacedOrderNo. Not set where it is 1. */
  quantity?: number | undefined;
  reference?: string | undefined;
  metadata?: string | undefined;
};
/** The limits, the order and its answer. Returns the body of the response, or the reply when it is sent. Rejects with a Problem. */
export type Buy = (call: BuyCall, reply: Reply) => Promise<unknown>;
type StockRead = BuyRequest['read'];

/** Maximum wait for a stock read. A stock that was not read refuses nothing; the decision does. */
const STOCK_DEADLINE_MS = deadlines.CONSUMER_STOCK_READ.ms;
const STOCKS_IN_MEMORY = 10_000;
/**
 * How long nginx may answer "sold out" or "units go to offers" after one consumer has read otherwise: another consumer's read, nginx's own second, and a margin.
 */
const CACHED_AT_EDGE_MS = STOCK_FRESH_MS + 1000 + 500;

export function createBuy(options: BuyOptions): Buy {
  const dependencies = { ...options, refusedAllAtMs: new LRUCache<number, number>({ max: STOCKS_IN_MEMORY }) };
  return (call, reply) => buy(dependencies, call, reply);
}

async function buy(dependencies: BuyDependencies, call: BuyCall, reply: Reply): Promise<unknown> {
  const { stocks, limits, orders } = dependencies;
  const { sid, caller, headers } = call;
  const key = readIdempotencyKey(headers['idempotency-key']);
  // A client's own claims grant nothing: a false "first attempt" harms only its sender.
  const mayBeKnown = key !== undefined && readIdempotencyAttempt(headers['idempotency-attempt']) !== 1;
  const processWaitMs = limits.takeOfProcess();
  if (processWaitMs > 0) throw tooManyRequests(processWaitMs);
  reply.header('cache-control', 'no-store');

  const known = stocks.read(sid);
  const read = known instanceof Promise ? await awaitStock(stocks, sid, known) : known;
  const ownCurrency = read?.value?.currency;
  if (call.maxPrice && ownCurrency !== undefined && call.maxPrice.currency !== ownCurrency)
    throw otherCurrency('maxPrice', ownCurrency);
  const barred = dependencies.checkAdmission?.(caller, sid, headers, read?.value ?? null) ?? null;
  // A repeat is looked up first. A refusal that holds for everybody comes before one of this buyer.
  if (barred && !mayBeKnown && !(read && refuseOrder(read, call.quantity))) throw barred;
  const { refusesAll, refusedAllLately } = noteRefusal(dependencies.refusedAllAtMs, sid, read);
  const order = createBuyRequest(dependencies, call, key, { mayBeKnown, refusedAllLately, read }, reply);
  order.isBarred = barred !== null;
  // Before the limiter: an order that is refused costs as little as possible.
  const turnedAway = orders.turnAway(order);
  if (turnedAway) return answerBuyer(dependencies, reply, order, await turnedAway);
  // What every buyer is refused is answered from memory, without a call to the limiter.
  if (!refusesAll || mayBeKnown) {
    const endOfLimiter = orders.arrive(sid);
    const limited = await limits.take(sid, caller.buyer).finally(() => endOfLimiter(false));
    if (limited.waitMs > 0) throw tooManyRequests(limited.waitMs, limited.headers);
    reply.headers(limited.headers);
    order.coolingMs = limited.coolingMs;
    // The buyer, or nginx after its deadline, has given up: nothing was sent, and no client waits for an answer.
    if (reply.raw.destroyed) return reply;
  }

  const earlier = mayBeKnown ? await findUnderEarlierSecret(dependencies, order, key) : null;
  let denied: Problem | null = null;
  if (dependencies.checkRisk && !earlier) {
    denied = await askRisk(dependencies.checkRisk, orders, call, order);
    if (reply.raw.destroyed) return reply;
    order.isBarred ||= denied !== null;
  }
  const answer = earlier ? ({ kind: 'decided', decided: earlier } as const) : await orders.buy(order);
  const why = barred ?? denied;
  if (why && answer.kind === 'barred') throw why;
  return answerBuyer(dependencies, reply, order, answer);
}

/** Why the risk service keeps this order from being new; null: it does not. An order that is known is answered either way. */
async function askRisk(
  checkRisk: RiskCheck,
  orders: BuyOptions['orders'],
  { sid, caller, quantity }: BuyCall,
  { isBarred, coolingMs, read }: BuyRequest,
): Promise<Problem | null> {
  // Such an order is not new in any case.
  if (isBarred || coolingMs > 0) return null;
  // The service is not asked about an order that is refused. If the refusal ends in this moment, the order comes again.
  if (read && refuseOrder(read, quantity)) return new Problem('busy', undefined, {}, retryAfter());
  const answer = checkRisk(caller, sid, 'order');
  if (!(answer instanceof Promise)) return answer;
  const end = orders.arrive(sid);
  return answer.finally(() => end(false));
}

/** The stock, as it was last known when it cannot be read in time. */
async function awaitStock(stocks: StockReader, sid: number, reading: Promise<StockRead>): Promise<StockRead> {
  try {
    return await withDeadline(realClock, STOCK_DEADLINE_MS, 'stock', reading);
  } catch (error) {
    // Too many reads of unknown stocks: such an order costs the providers nothing.
    if (error instanceof Problem && error.code === 'busy') throw error;
    return stocks.lastKnown(sid) ?? null;
  }
}

function noteRefusal(refusedAllAtMs: LRUCache<number, number>, sid: number, read: StockRead) {
  const nowMs = realClock.nowMs();
  const stock = read && read.freshForMs > 0 ? read.value : null;
  const refusesAll = stock !== null && (stock.sale >= stock.count || stock.offersOnly);
  if (refusesAll) refusedAllAtMs.set(sid, nowMs);
  const lastMs = refusedAllAtMs.get(sid) ?? Number.NEGATIVE_INFINITY;
  return { refusesAll, refusedAllLately: nowMs - lastMs < CACHED_AT_EDGE_MS };
}

function createBuyRequest(
  { config: { ORDER_NO_KEY: orderNoKey, ORDER_WAIT_MS: orderWaitMs }, traces }: BuyOptions,
  call: BuyCall,
  key: string | undefined,
  known: Pick<BuyRequest, 'mayBeKnown' | 'refusedAllLately' | 'read'>,
  reply: Reply,
): BuyRequest {
  const { sid, headers, quantity, reference, metadata } = call;
  const { buyer } = call.caller;
  const maxPriceCents = call.maxPrice?.amount;
  let minted: string | undefined;
  return {
    ...known,
    sid,
    buyer,
    coolingMs: 0,
    isBarred: false,
    mintedAtMs: Date.now(),
    waitSeconds: readWaitSeconds(headers.prefer, orderWaitMs),
    async: headers.prefer !== undefined && preferences(headers.prefer).has('respond-async'),
    ...(maxPriceCents !== undefined && { maxPriceCents }),
    ...(quantity !== undefined && { quantity }),
    ...(reference !== undefined && { reference }),
    ...(metadata !== undefined && { metadata }),
    // Costs two hashes, which most refused orders do not need.
    get orderNo() {
      if (minted === undefined) {
        const kind = numberKindOf({ maxPriceCents, quantity, reference, metadata });
        minted = mintOrderNumber(orderNoKey, sid, buyer, key, kind);
        nameOrder(reply, minted, traces);
      }
      return minted;
    },
  };
}

/** After ORDER_NO_KEY was rotated, a key that was sent before has an order number of an earlier secret. */
async function findUnderEarlierSecret(
  { config, orders }: BuyDependencies,
  order: BuyRequest,
  key: string,
): Promise<DecidedOrder | null> {
  const [, ...earlier] = orderNumbersOf(config.ORDER_NO_KEY, order.sid, order.buyer, key, numberKindOf(order));
  const found = await Promise.all(earlier.map(orders.getOrder)).catch(() => {
    throw new Problem('busy');
  });
  const known = found.find((candidate) => candidate !== null);
  return known ? toDecidedOrder(known) : null;
}
