import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Type } from 'typebox';
import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import { toDecidedOrder } from '../../db/orders/decided-message.ts';
import { STOCK_FRESH_MS } from '../../db/stocks/stock-cache.ts';
import { mintOrderNumber, orderNumbersOf } from '../../proto/messages/order-number.ts';
import { realClock, withDeadline } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { bearerSecurity, problemResponses, sidParams } from '../api/api-schemas.ts';
import type { Identify } from '../auth/identify.ts';
import { Problem, tooManyRequests } from '../http/problem.ts';
import {
  IDEMPOTENCY_KEY_PATTERN,
  preferences,
  readIdempotencyAttempt,
  readIdempotencyKey,
} from '../http/read-headers.ts';
import type { OrderLimits } from '../limits/order-limits.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import type { StockReader } from '../stocks/stock-reader.ts';
import { type AnswerDependencies, answerBuyer } from './answer-buyer.ts';
import type { BuyRequest } from './buy-unit.ts';
import type { OrderClient } from './order-client.ts';

export type BuyRoutesOptions = AnswerDependencies & {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY'>;
  identify: Identify;
  orders: Pick<OrderClient, 'buy' | 'getOrder' | 'turnAway' | 'arrive'>;
  stocks: StockReader;
  limits: OrderLimits;
};

type BuyDependencies = BuyRoutesOptions & {
  /** When each stock was last read as sold out. */
  soldOutAtMs: LRUCache<number, number>;
};

type BuyCall = { Params: { sid: number }; Body: { maxPriceCents?: number } | null | undefined };
type StockRead = BuyRequest['read'];

/** Maximum wait for a stock read. A stock that was not read refuses nothing; the decision does. */
const STOCK_DEADLINE_MS = deadlines.CONSUMER_STOCK_READ.ms;
const STOCKS_IN_MEMORY = 10_000;
/**
 * How long nginx may answer "sold out" after one consumer has read otherwise: another consumer's read, nginx's own second, and a margin.
 */
const CACHED_AT_EDGE_MS = STOCK_FRESH_MS + 1000 + 500;

/** POST /stocks/{sid}/orders. */
export function buyRoutes(options: BuyRoutesOptions) {
  const { identify } = options;
  const soldOutAtMs = new LRUCache<number, number>({ max: STOCKS_IN_MEMORY });
  const dependencies: BuyDependencies = { ...options, soldOutAtMs };

  return async (app: FastifyInstance): Promise<void> => {
    // Before the schema, so that a bad key is answered with the key's own problem.
    const preValidation = (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
      readIdempotencyKey(request.headers['idempotency-key']);
      done();
    };
    const route = { schema, onRequest: identify.buyerOnly, preValidation };
    app.post<BuyCall>('/stocks/:sid/orders', route, (request, reply) => buy(dependencies, request, reply));
  };
}

async function buy(
  dependencies: BuyDependencies,
  request: FastifyRequest<BuyCall>,
  reply: FastifyReply,
): Promise<unknown> {
  const { stocks, limits, orders } = dependencies;
  const { sid } = request.params;
  const key = readIdempotencyKey(request.headers['idempotency-key']);
  // A client's own claims grant nothing: a false "first attempt" harms only its sender.
  const mayBeKnown = key !== undefined && readIdempotencyAttempt(request.headers['idempotency-attempt']) !== 1;
  const processWaitMs = limits.takeOfProcess();
  if (processWaitMs > 0) throw tooManyRequests(processWaitMs);
  reply.header('cache-control', 'no-store');

  const read = await readStock(stocks, sid);
  const { isSoldOut, soldOutLately } = noteSoldOut(dependencies.soldOutAtMs, sid, read);
  const order = createBuyRequest(dependencies.config.ORDER_NO_KEY, request, key, { mayBeKnown, soldOutLately, read });
  // Before the limiter: an order that is refused costs as little as possible.
  const turnedAway = orders.turnAway(order);
  if (turnedAway) return answerBuyer(dependencies, reply, order, await turnedAway);
  // A sold-out stock is answered from memory, without a call to the limiter.
  if (!isSoldOut || mayBeKnown) {
    const endOfLimiter = orders.arrive(sid);
    const limited = await limits.take(sid, request.identity.buyer).finally(() => endOfLimiter(false));
    if (limited.waitMs > 0) throw tooManyRequests(limited.waitMs, limited.headers);
    reply.headers(limited.headers);
    // The buyer, or nginx after its deadline, has given up: nothing was sent, and nobody waits for an answer.
    if (reply.raw.destroyed) return reply;
  }

  const earlier = mayBeKnown ? await findUnderEarlierSecret(dependencies, order, key) : null;
  const answer = earlier ? ({ kind: 'decided', decided: earlier } as const) : await orders.buy(order);
  return answerBuyer(dependencies, reply, order, answer);
}

/** The stock, as it was last known when it cannot be read in time. */
async function readStock(stocks: StockReader, sid: number): Promise<StockRead> {
  try {
    return await withDeadline(realClock, STOCK_DEADLINE_MS, 'stock', stocks.read(sid));
  } catch (error) {
    // Too many reads of unknown stocks: such an order costs the providers nothing.
    if (error instanceof Problem) throw error;
    return stocks.lastKnown(sid) ?? null;
  }
}

function noteSoldOut(soldOutAtMs: LRUCache<number, number>, sid: number, read: StockRead) {
  const nowMs = realClock.nowMs();
  const isSoldOut = read?.value ? read.freshForMs > 0 && read.value.sale >= read.value.count : false;
  if (isSoldOut) soldOutAtMs.set(sid, nowMs);
  return { isSoldOut, soldOutLately: nowMs - (soldOutAtMs.get(sid) ?? Number.NEGATIVE_INFINITY) < CACHED_AT_EDGE_MS };
}

function createBuyRequest(
  orderNoKey: string,
  { params: { sid }, identity: { buyer }, headers, body }: FastifyRequest<BuyCall>,
  key: string | undefined,
  known: Pick<BuyRequest, 'mayBeKnown' | 'soldOutLately' | 'read'>,
): BuyRequest {
  const maxPriceCents = body?.maxPriceCents;
  let minted: string | undefined;
  return {
    ...known,
    sid,
    buyer,
    mintedAtMs: Date.now(),
    async: preferences(headers.prefer).has('respond-async'),
    ...(maxPriceCents !== undefined && { maxPriceCents }),
    // Costs two hashes, which most refused orders do not need.
    get orderNo() {
      minted ??= mintOrderNumber(orderNoKey, sid, buyer, key, maxPriceCents !== undefined);
      return minted;
    },
  };
}

/** After ORDER_NO_KEY was rotated, a key that was sent before has an order number of an earlier secret. */
async function findUnderEarlierSecret(
  { config, orders }: BuyDependencies,
  { sid, buyer, maxPriceCents }: BuyRequest,
  key: string,
): Promise<DecidedOrder | null> {
  const [, ...earlier] = orderNumbersOf(config.ORDER_NO_KEY, sid, buyer, key, maxPriceCents !== undefined);
  const found = await Promise.all(earlier.map(orders.getOrder)).catch(() => {
    throw new Problem('busy');
  });
  const order = found.find((candidate) => candidate !== null);
  return order ? toDecidedOrder(order) : null;
}

const located = { Location: { type: 'string', description: 'URL of the order' } };
const placed = Type.Object({
  orderNo: Type.String(),
  sid: Type.Integer(),
  state: Type.String({ examples: ['awaiting_payment'] }),
  decision: Type.Optional(Type.String({ examples: ['CONFIRMED'] })),
});

const schema = {
  operationId: 'createOrder',
  summary: 'Buy one unit',
  description: [
    '201: the order is confirmed. 200: you already have an order of this stock; the body is that order. 202: not decided yet; poll `Location`.',
    'Send an `Idempotency-Key`, with `Idempotency-Attempt: 1` in the first request and a higher number in each repeat: all requests with one key are one order.',
    'A refusal with `orderNo` is final: a new attempt needs a new key.',
  ].join('\n\n'),
  tags: ['orders'],
  security: bearerSecurity,
  params: sidParams,
  body: Type.Optional(
    Type.Union([
      Type.Object(
        {
          maxPriceCents: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: Number.MAX_SAFE_INTEGER,
              description: 'Maximum price, in the currency’s smallest unit. Above it no unit is taken.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
  ),
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({
        pattern: IDEMPOTENCY_KEY_PATTERN,
        description: 'Identifies one intent to buy, such as `"8e03978e-40d5"`',
      }),
    ),
    prefer: Type.Optional(Type.String({ description: '`respond-async`: answer as soon as the log has the order' })),
    'idempotency-attempt': Type.Optional(
      Type.String({
        description:
          'With a key: `1` for the first request, which may be answered from a cache; a higher number for a repeat',
      }),
    ),
  }),
  response: {
    200: Type.Unsafe<object>({
      // The short form when the row cannot be read.
      anyOf: [{ $ref: 'Order#' }, placed],
      description: 'Your existing order of this stock',
      headers: located,
    }),
    201: Type.Unsafe<object>({ ...placed, description: 'The order is confirmed', headers: located }),
    202: Type.Unsafe<object>({
      $ref: 'PendingOrder#',
      description: 'Not decided yet: poll `Location`',
      headers: located,
    }),
    ...problemResponses(
      ...(['invalid_request', 'invalid_idempotency_key', 'not_open', 'paused', 'closed', 'price_above_max'] as const),
      ...(['stock_not_found', 'sold_out', 'too_many_requests', 'busy', 'unavailable'] as const),
    ),
  },
};
