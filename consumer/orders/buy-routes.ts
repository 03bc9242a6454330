import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Type } from 'typebox';
import type { DecidedOrder, OrderState } from '../../db/orders/decide-batch.ts';
import { STOCK_FRESH_MS } from '../../db/stocks/stock-cache.ts';
import { mintOrderNumber, orderNumbersOf } from '../../proto/messages/order-number.ts';
import { realClock, withDeadline } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import type { ApiParts } from '../api/api.ts';
import { problemResponses } from '../api/api-schemas.ts';
import {
  IDEMPOTENCY_KEY_PATTERN,
  preferences,
  readIdempotencyAttempt,
  readIdempotencyKey,
} from '../http/parse-headers.ts';
import { Problem, problemBody } from '../http/problem.ts';
import { createOrderLimits } from '../limits/order-limits.ts';
import type { Bought, BuyRequest } from './buy-unit.ts';
import { decisionFromOrder } from './order-look-ups.ts';
import { orderView } from './order-view.ts';

/** Maximum wait for a stock read. A stock that was not read refuses nothing; the decision does. */
const STOCK_DEADLINE_MS = deadlines.CONSUMER_STOCK_READ.ms;
const RETRY_AFTER_MAX_SECONDS = 3;
const STOCKS_REMEMBERED = 10_000;
/** So long nginx may say "sold out" after one consumer knows better: another one's read and its own second, and a margin. */
const SAID_AT_EDGE_MS = STOCK_FRESH_MS + 1000 + 500;
/** The problems that final refusals are answered with. */
const PROBLEM_OF = {
  SOLD_OUT: 'sold_out',
  PAUSED: 'paused',
  CLOSED: 'closed',
  PRICE_ABOVE_MAX: 'price_above_max',
} as const;

/** The filter's 410: the same for everybody, so that nginx may answer it for a second. It names no number, buyer or request. */
const SOLD_OUT_BODY = JSON.stringify(problemBody(new Problem('sold_out'), {}));

type BuyCall = { Params: { sid: number }; Body: { maxPriceCents?: number } | null | undefined };

/** POST /stocks/{sid}/orders. */
export function buyRoutes(parts: ApiParts) {
  const { config, identify, desk, metrics, told, stocks } = parts;
  const limits = createOrderLimits(realClock, parts.redis, config);
  const waitingOf = new Map<number, number>();
  const soldOutAtMs = new LRUCache<number, number>({ max: STOCKS_REMEMBERED });

  async function buy(request: FastifyRequest<BuyCall>, reply: FastifyReply): Promise<unknown> {
    const { headers, params, identity } = request;
    const { sid } = params;
    const { buyer } = identity;
    const key = readIdempotencyKey(headers['idempotency-key']);
    // What the client says of itself grants nothing: to lie about the first attempt harms the liar alone.
    const mayBeKnown = key !== undefined && readIdempotencyAttempt(headers['idempotency-attempt']) !== 1;
    const processWaitMs = limits.takeOfProcess();
    if (processWaitMs > 0) throw tooMany(processWaitMs, {});
    reply.header('cache-control', 'no-store');

    // A crowd that comes too late is answered from memory, and asks no limiter.
    const read = await withDeadline(realClock, STOCK_DEADLINE_MS, 'stock', stocks.read(sid)).catch((error: unknown) => {
      // Too many looks at stocks that do not exist: such an order costs no provider anything.
      if (error instanceof Problem) throw error;
      return stocks.lastKnown(sid) ?? null;
    });
    const isSoldOut = read?.value ? read.freshForMs > 0 && read.value.sale >= read.value.count : false;
    if (isSoldOut) soldOutAtMs.set(sid, realClock.nowMs());
    const soldOutLately = realClock.nowMs() - (soldOutAtMs.get(sid) ?? Number.NEGATIVE_INFINITY) < SAID_AT_EDGE_MS;
    if (!isSoldOut || mayBeKnown) {
      const limited = await limits.take(sid, buyer);
      if (limited.waitMs > 0) throw tooMany(limited.waitMs, limited.headers);
      reply.headers(limited.headers);
    }

    const async = preferences(headers.prefer).has('respond-async');
    let minted: string | undefined;
    const maxPriceCents = request.body?.maxPriceCents;
    const order: BuyRequest = {
      sid,
      buyer,
      mintedAtMs: Date.now(),
      mayBeKnown,
      soldOutLately,
      async,
      read,
      ...(maxPriceCents !== undefined && { maxPriceCents }),
      // Two hashes, which most of those who come too late need not have.
      get orderNo() {
        minted ??= mintOrderNumber(config.ORDER_NO_KEY, sid, buyer, key, maxPriceCents !== undefined);
        return minted;
      },
    };
    const waiting = waitingOf.get(sid) ?? 0;
    if (waiting >= config.MAX_WAITING_PER_STOCK) throw new Problem('busy', undefined, {}, retryAfter());
    waitingOf.set(sid, waiting + 1);
    try {
      const earlier = mayBeKnown ? await findUnderEarlierSecret(sid, buyer, key, maxPriceCents !== undefined) : null;
      if (earlier) return await answerDecided(reply, earlier, order);
      return await answer(reply, await desk.buy(order), order);
    } finally {
      const left = (waitingOf.get(sid) ?? 1) - 1;
      if (left === 0) waitingOf.delete(sid);
      else waitingOf.set(sid, left);
    }
  }

  /** After ORDER_NO_KEY was rotated, a key sent before then has a number of an earlier secret. */
  async function findUnderEarlierSecret(
    sid: number,
    buyer: string,
    key: string,
    isCapped: boolean,
  ): Promise<DecidedOrder | null> {
    const [, ...earlier] = orderNumbersOf(config.ORDER_NO_KEY, sid, buyer, key, isCapped);
    const found = await Promise.all(earlier.map(desk.getOrder)).catch(() => {
      throw new Problem('busy', undefined, {}, retryAfter());
    });
    const order = found.find((one) => one !== null);
    return order ? decisionFromOrder(order) : null;
  }

  async function answer(reply: FastifyReply, bought: Bought, order: BuyRequest): Promise<unknown> {
    const { sid } = order;
    switch (bought.kind) {
      case 'decided':
        return answerDecided(reply, bought.decided, order);
      case 'pending':
        if (order.async) reply.header('preference-applied', 'respond-async');
        reply.code(202).header('location', addressOf(order.orderNo)).header('retry-after', '1');
        return { orderNo: order.orderNo, sid, state: 'pending' };
      case 'sold_out':
        for (const name of ['x-request-id', 'ratelimit', 'ratelimit-policy']) reply.removeHeader(name);
        reply.code(410).type('application/problem+json');
        // One that took long may be of a unit that is back by now: nobody else is told.
        if (reply.elapsedTime < STOCK_FRESH_MS) reply.header('x-accel-expires', '1');
        return reply.send(SOLD_OUT_BODY);
      case 'not_open':
        throw new Problem('not_open', undefined, { opensAt: new Date(bought.opensAtMs).toISOString() });
      case 'paused':
      case 'closed':
        throw new Problem(bought.kind);
      case 'no_such_stock':
        throw new Problem('stock_not_found', `There is no stock ${sid} for sale.`);
      case 'busy':
      case 'unavailable':
        throw new Problem(bought.kind, undefined, {}, retryAfter());
      default:
        return bought satisfies never;
    }
  }

  async function answerDecided(reply: FastifyReply, decided: DecidedOrder, order: BuyRequest): Promise<unknown> {
    const { orderNo, decision, liveOrderNo, state } = decided;
    const { sid, read } = order;
    metrics.answered(decision, reply.elapsedTime / 1000);
    told.note(orderNo, null);
    switch (decision) {
      case 'CONFIRMED':
        // Asked for again after it has ended, it is no new order.
        if (state !== 'awaiting_payment' && state !== 'paid') return answerOrder(reply, orderNo, sid, state);
        reply.code(201).header('location', addressOf(orderNo));
        return { orderNo, sid, state, decision };
      case 'DUPLICATE':
        return answerOrder(reply, liveOrderNo ?? orderNo, sid, 'awaiting_payment');
      case 'NOT_OPEN': {
        const opensAtMs = read?.value?.opensAtMs ?? null;
        const opensAt = opensAtMs === null ? {} : { opensAt: new Date(opensAtMs).toISOString() };
        throw new Problem('not_open', undefined, { orderNo, ...opensAt });
      }
      case 'SOLD_OUT':
      case 'PAUSED':
      case 'CLOSED':
      case 'PRICE_ABOVE_MAX':
        throw new Problem(PROBLEM_OF[decision], undefined, { orderNo });
      default:
        return decision satisfies never;
    }
  }

  /** An order that the buyer has, as it stands; the short form where its row cannot be read just now. */
  async function answerOrder(reply: FastifyReply, orderNo: string, sid: number, state: OrderState): Promise<unknown> {
    reply.code(200).header('location', addressOf(orderNo));
    const found = await desk.getOrder(orderNo).catch(() => null);
    return found ? orderView(found) : { orderNo, sid, state };
  }

  return async (app: FastifyInstance): Promise<void> => {
    // Before the schema, so that the problem is the key's own.
    const preValidation = (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
      readIdempotencyKey(request.headers['idempotency-key']);
      done();
    };
    app.post<BuyCall>('/stocks/:sid/orders', { schema, onRequest: identify.buyerOnly, preValidation }, buy);
  };
}

function addressOf(orderNo: string): string {
  return `/api/v1/orders/${orderNo}`;
}

/** Spread over some seconds, so that those who were turned away together do not come again together. */
function retryAfter(): Record<string, string> {
  return { 'retry-after': String(1 + Math.floor(Math.random() * RETRY_AFTER_MAX_SECONDS)) };
}

function tooMany(waitMs: number, headers: Record<string, string>): Problem {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new Problem('too_many_requests', undefined, {}, { ...headers, 'retry-after': String(seconds) });
}

const located = { Location: { type: 'string', description: 'Where the order is' } };
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
    '201: you have it, the row is committed. 200: you had one already, and here it is. 202: no decision yet, ask at Location.',
    'Send an Idempotency-Key, `Idempotency-Attempt: 1` with the first request and a higher number with each repeat: all of it is one order.',
    'A refusal that carries `orderNo` is final: a new try takes a new key.',
  ].join('\n\n'),
  tags: ['orders'],
  security: [{ bearer: [] }],
  params: Type.Object({
    sid: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The stock' }),
  }),
  body: Type.Optional(
    Type.Union([
      Type.Object(
        {
          maxPriceCents: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: Number.MAX_SAFE_INTEGER,
              description:
                'Highest price that is accepted, in the currency’s smallest unit. Above it nothing is taken.',
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
      Type.String({ pattern: IDEMPOTENCY_KEY_PATTERN, description: 'One intent to buy, such as `"8e03978e-40d5"`' }),
    ),
    prefer: Type.Optional(Type.String({ description: '`respond-async`: answer as soon as the order is on the log' })),
    'idempotency-attempt': Type.Optional(
      Type.String({
        description:
          'With a key: `1` where it was never sent before, which may be answered from a cache; a higher number for a repeat',
      }),
    ),
  }),
  response: {
    200: Type.Unsafe<object>({
      // The short form when the row could not be read just now.
      anyOf: [{ $ref: 'Order#' }, placed],
      description: 'The order you had already, as it stands',
      headers: located,
    }),
    201: Type.Unsafe<object>({ ...placed, description: 'You have it: the row is committed', headers: located }),
    202: Type.Unsafe<object>({
      $ref: 'PendingOrder#',
      description: 'No decision yet: ask at Location',
      headers: located,
    }),
    ...problemResponses(
      ...(['invalid_request', 'invalid_idempotency_key', 'not_open', 'paused', 'closed', 'price_above_max'] as const),
      ...(['stock_not_found', 'sold_out', 'too_many_requests', 'busy', 'unavailable'] as const),
    ),
  },
};
