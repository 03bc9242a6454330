import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { bearerSecurity, problemResponses, sidParams } from '../api/api-schemas.ts';
import { checkIdempotencyKey } from '../api/idempotent-request.ts';
import { type Money, moneyBody } from '../api/money.ts';
import type { Identify } from '../auth/identify.ts';
import { asReply } from '../http/direct-reply.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../http/read-headers.ts';
import { type BuyDirectlyOptions, buyDirectly } from './buy-directly.ts';
import { type BuyOptions, createBuy } from './create-buy.ts';

export type BuyRoutesOptions = BuyOptions & Omit<BuyDirectlyOptions, 'app' | 'buy'> & { identify: Identify };

type BuyRoute = { Params: { sid: number }; Body: { maxPrice?: Money } | null | undefined };

/** POST /stocks/{sid}/orders. */
export function buyRoutes(options: BuyRoutesOptions) {
  const buy = createBuy(options);
  const { identify } = options;

  return async (app: FastifyInstance): Promise<void> => {
    const route = { schema, onRequest: identify.buyerOnly, preValidation: checkIdempotencyKey };
    app.post<BuyRoute>('/stocks/:sid/orders', route, ({ params: { sid }, identity: { buyer }, headers, body }, reply) =>
      buy({ sid, buyer, headers, maxPrice: body?.maxPrice }, asReply(reply)),
    );
    app.handleDirectly(buyDirectly({ ...options, app, buy }));
  };
}

const located = { Location: { type: 'string', description: 'URL of the order' } };

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
          maxPrice: Type.Optional(
            moneyBody(
              'Highest price of a unit, in the currency of the stock. Above it no unit is taken.',
              Number.MAX_SAFE_INTEGER,
            ),
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
    prefer: Type.Optional(
      Type.String({
        description:
          '`respond-async`: answer as soon as the log has the order. `wait=2`: wait at most 2 s for the decision; more than the server’s own limit has no effect',
      }),
    ),
    'idempotency-attempt': Type.Optional(
      Type.String({
        description:
          'With a key: `1` for the first request, which may be answered from a cache; a higher number for a repeat',
      }),
    ),
  }),
  response: {
    200: Type.Unsafe<object>({
      $ref: 'Order#',
      description: 'Your existing order of this stock',
      headers: located,
    }),
    201: Type.Unsafe<object>({ $ref: 'Order#', description: 'The order is confirmed', headers: located }),
    202: Type.Unsafe<object>({
      $ref: 'Order#',
      description: 'Not decided yet: poll `Location`',
      headers: located,
    }),
    ...problemResponses(
      ...(['invalid_request', 'invalid_idempotency_key', 'not_open', 'paused', 'closed', 'price_above_max'] as const),
      ...(['stock_not_found', 'sold_out', 'too_many_requests', 'busy', 'unavailable'] as const),
    ),
  },
};
