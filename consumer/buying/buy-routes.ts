import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import {
  isMetadata,
  MAX_METADATA_BYTES,
  MAX_METADATA_KEYS,
  MAX_QUANTITY,
  REFERENCE_PATTERN,
} from '../../proto/messages/order-details.ts';
import { realClock } from '../../proto/process/clock.ts';
import { bearerSecurity, problemResponses, sidParams } from '../api/api-schemas.ts';
import { checkIdempotencyKey } from '../api/idempotent-request.ts';
import { type Money, moneyBody } from '../api/money.ts';
import type { Identify } from '../auth/identify.ts';
import { asReply } from '../http/direct-reply.ts';
import { invalidField } from '../http/problem.ts';
import { IDEMPOTENCY_KEY_PATTERN } from '../http/read-headers.ts';
import { createBlockLimit } from '../limits/block-limit.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { type BuyDirectlyOptions, buyDirectly } from './buy-directly.ts';
import { type BuyOptions, createBuy } from './create-buy.ts';

export type BuyRoutesOptions = BuyOptions &
  Omit<BuyDirectlyOptions, 'app' | 'buy'> & { identify: Identify; config: Pick<ConsumerConfig, 'ORDER_DETAILS'> };

type BuyBody = { maxPrice?: Money; quantity?: number; reference?: string; metadata?: Record<string, string> };
type BuyRoute = { Params: { sid: number }; Body: BuyBody | null | undefined };

/** POST /stocks/{sid}/orders. */
export function buyRoutes(options: BuyRoutesOptions) {
  const buy = createBuy(options);
  const { identify, config } = options;
  const limitBlock = createBlockLimit(realClock, config);
  const areDetailsOn = config.ORDER_DETAILS === 'on';

  return async (app: FastifyInstance): Promise<void> => {
    const route = {
      schema,
      onRequest: limitBlock ? [identify.buyerOnly, limitBlock] : identify.buyerOnly,
      preValidation: checkIdempotencyKey,
    };
    app.post<BuyRoute>('/stocks/:sid/orders', route, ({ params: { sid }, identity: caller, headers, body }, reply) =>
      buy({ sid, caller, headers, ...readBody(body ?? {}, areDetailsOn) }, asReply(reply)),
    );
    app.handleDirectly(buyDirectly({ ...options, app, buy }));
  };
}

/** One unit and no metadata are not sent: such an order is the same as one without them. */
function readBody({ maxPrice, quantity = 1, reference, metadata = {} }: BuyBody, areDetailsOn: boolean) {
  const text = Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : undefined;
  if (text !== undefined && !isMetadata(text)) {
    throw invalidField(
      'metadata',
      `must have at most ${MAX_METADATA_KEYS} texts and ${MAX_METADATA_BYTES} bytes as JSON`,
    );
  }
  const wanted = { quantity: quantity > 1 ? quantity : undefined, reference, metadata: text };
  const [first] = Object.entries(wanted).filter(([, value]) => value !== undefined);
  if (first && !areDetailsOn) throw invalidField(first[0], 'is not accepted yet (ORDER_DETAILS=off)');
  return { maxPrice, ...wanted };
}

const located = { Location: { type: 'string', description: 'URL of the order' } };

const schema = {
  operationId: 'createOrder',
  summary: 'Buy units',
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
          quantity: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: MAX_QUANTITY,
              description: 'Units, at most `maxPerOrder` of the stock; default: 1. All of them or none',
            }),
          ),
          reference: Type.Optional(
            Type.String({
              pattern: REFERENCE_PATTERN,
              description: 'Your own id of the order',
              examples: ['cart-4711'],
            }),
          ),
          metadata: Type.Optional(
            Type.Unsafe<Record<string, string>>({
              type: 'object',
              maxProperties: MAX_METADATA_KEYS,
              additionalProperties: { type: 'string' },
              description: `Your own fields: texts, at most ${MAX_METADATA_BYTES} bytes as JSON`,
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
    prefer: Type.Optional(
      Type.String({
        description:
          '`respond-async`: answer as soon as the log has the order. `wait=2`: wait at most 2 s for the decision; more than the server’s own limit has no effect',
      }),
    ),
    'admission-token': Type.Optional(
      Type.String({
        description: 'With ADMISSION=proof: from `POST /api/v1/stocks/{sid}/admission`, or from the shop',
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
      ...([
        'invalid_request',
        'invalid_idempotency_key',
        'admission_required',
        'claim_required',
        'risk_denied',
        'not_open',
        'paused',
        'closed',
        'price_above_max',
        'too_few_left',
        'quantity_above_max',
        'entry_required',
      ] as const),
      ...(['stock_not_found', 'sold_out', 'too_many_requests', 'busy', 'unavailable'] as const),
    ),
  },
};
