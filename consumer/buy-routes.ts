import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { DecidedOrder } from '../db/decide-batch.ts';
import { STOCK_FRESH_MS } from '../db/stock-cache.ts';
import { realClock, withDeadline } from '../proto/clock.ts';
import { mintOrderNumber } from '../proto/order-number.ts';
import type { ApiParts } from './api.ts';
import { problemResponses } from './api-schemas.ts';
import type { Bought, BuyRequest } from './buy-unit.ts';
import { createOrderLimits } from './limit-orders.ts';
import { orderView } from './order-view.ts';
import { Problem, problemBody } from './problem.ts';

/** Longest wait for a stock read. Unread it refuses nothing, and the decision finds out. */
const STOCK_DEADLINE_MS = 500;
const RETRY_AFTER = { 'retry-after': '1' };
const KEY = /^"?([!#-~]{1,200})"?$/;
const KEY_PATTERN = KEY.source.replace('(', '').replace(')', '');

/** The filter's 410: the same for everybody, so that nginx may answer it for a second. It names no number, buyer or request. */
const SOLD_OUT_BODY = JSON.stringify(problemBody(new Problem('sold_out'), {}));

type Params = { sid: number };

/** POST /stocks/{sid}/orders. */
export function buyRoutes(parts: ApiParts) {
  const { config, identify, desk, metrics, told } = parts;
  const limits = createOrderLimits(realClock, parts.redis, config);
  const waitingOf = new Map<number, number>();

  async function buy(request: FastifyRequest<{ Params: Params }>, reply: FastifyReply): Promise<unknown> {
    const { sid } = request.params;
    const { buyer } = request.identity;
    const key = readIdempotencyKey(request);
    const repeat = key !== undefined && /\bno-cache\b/.test(request.headers['cache-control'] ?? '');
    const processWaitMs = limits.takeOfProcess();
    if (processWaitMs > 0) throw tooMany(processWaitMs, {});
    reply.header('cache-control', 'no-store');

    // A crowd that comes too late is answered from memory, and asks no limiter.
    const read = parts.readStock(sid);
    const fresh = await withDeadline(realClock, STOCK_DEADLINE_MS, 'stock', read).catch(() => null);
    const isSoldOut = fresh?.value ? fresh.value.sale >= fresh.value.count : false;
    if (!isSoldOut || repeat) {
      const { waitMs, headers } = await limits.take(sid, buyer, repeat);
      if (waitMs > 0) throw tooMany(waitMs, headers);
      reply.headers(headers);
    }

    const async = /\brespond-async\b/.test(String(request.headers.prefer ?? ''));
    let minted: string | undefined;
    const order = {
      ...{ sid, buyer, mintedAtMs: Date.now(), repeat, async, fresh },
      // Two hashes, which most of those who come too late need not have.
      get orderNo() {
        minted ??= mintOrderNumber(config.ORDER_NO_KEY, sid, buyer, key);
        return minted;
      },
    };
    const waiting = waitingOf.get(sid) ?? 0;
    if (waiting >= config.MAX_WAITING_PER_STOCK) throw new Problem('busy', undefined, {}, RETRY_AFTER);
    waitingOf.set(sid, waiting + 1);
    try {
      return await answer(reply, await desk.buy(order), order);
    } finally {
      const left = (waitingOf.get(sid) ?? 1) - 1;
      if (left === 0) waitingOf.delete(sid);
      else waitingOf.set(sid, left);
    }
  }

  async function answer(reply: FastifyReply, bought: Bought, order: BuyRequest): Promise<unknown> {
    const { sid } = order;
    switch (bought.kind) {
      case 'decided':
        return answerDecided(reply, bought.decided, sid);
      case 'pending':
        if (order.async) reply.header('preference-applied', 'respond-async');
        reply.code(202).header('location', addressOf(order.orderNo)).headers(RETRY_AFTER);
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
        throw new Problem(bought.kind, undefined, {}, RETRY_AFTER);
      default:
        return bought satisfies never;
    }
  }

  async function answerDecided(reply: FastifyReply, decided: DecidedOrder, sid: number): Promise<unknown> {
    const { orderNo, decision, liveOrderNo, state } = decided;
    metrics.answered(decision, reply.elapsedTime / 1000);
    told.note(orderNo, null);
    switch (decision) {
      case 'CONFIRMED':
        reply.code(201).header('location', addressOf(orderNo));
        return { orderNo, sid, state, decision };
      case 'DUPLICATE': {
        reply.code(200).header('location', addressOf(liveOrderNo ?? orderNo));
        const live = await desk.getOrder(liveOrderNo ?? orderNo).catch(() => null);
        return live ? orderView(live) : { orderNo: liveOrderNo ?? orderNo, sid, state: 'awaiting_payment' };
      }
      case 'SOLD_OUT':
        throw new Problem('sold_out', undefined, { orderNo });
      default:
        return decision satisfies never;
    }
  }

  return async (app: FastifyInstance): Promise<void> => {
    // Before the schema, so that the problem is the key's own.
    const preValidation = (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
      readIdempotencyKey(request);
      done();
    };
    app.post<{ Params: Params }>('/stocks/:sid/orders', { schema, onRequest: identify.buyerOnly, preValidation }, buy);
  };
}

function addressOf(orderNo: string): string {
  return `/api/v1/orders/${orderNo}`;
}

function tooMany(waitMs: number, headers: Record<string, string>): Problem {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new Problem('too_many_requests', undefined, {}, { ...headers, 'retry-after': String(seconds) });
}

/** A string as the IETF draft says, in quotes; taken without them too. */
function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = typeof header === 'string' ? KEY.exec(header)?.[1] : undefined;
  if (key === undefined) throw new Problem('invalid_idempotency_key');
  return key;
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
    'Send an Idempotency-Key, and when you try again the same key with `Cache-Control: no-cache`: all of it is one order.',
  ].join('\n\n'),
  tags: ['orders'],
  security: [{ bearer: [] }],
  params: Type.Object({
    sid: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The stock' }),
  }),
  body: Type.Optional(Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()])),
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({ pattern: KEY_PATTERN, description: 'One intent to buy, such as `"8e03978e-40d5"`' }),
    ),
    prefer: Type.Optional(Type.String({ description: '`respond-async`: answer as soon as the order is on the log' })),
    'cache-control': Type.Optional(Type.String({ description: '`no-cache` with a key: this is a repeat' })),
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
      ...(['invalid_request', 'invalid_idempotency_key', 'not_open', 'paused', 'closed'] as const),
      ...(['stock_not_found', 'sold_out', 'too_many_requests', 'busy', 'unavailable'] as const),
    ),
  },
};
