import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { SaleBucket } from '../../../proto/gen/flashsale/v1/SaleBucket.ts';
import type { SaleHistory } from '../../../proto/gen/flashsale/v1/SaleHistory.ts';
import { readTime } from '../../../proto/settings/read-time.ts';
import { bearerSecurity, integer, nullable, problemResponses, sidParams, time } from '../../api/api-schemas.ts';
import { isoOrNull } from '../../api/iso-or-null.ts';
import { money, moneySchema } from '../../api/money.ts';
import type { Identify } from '../../auth/identify.ts';
import { invalidField } from '../../http/problem.ts';
import { orProblem } from '../../http/to-problem.ts';
import type { Providers } from '../../providers/connect-providers.ts';

export type HistoryRoutesOptions = { identify: Identify; providers: Pick<Providers, 'readSaleHistory'> };

/** GET /admin/stocks/{sid}/history: what happened when in a sale. */
export function historyRoutes({ identify, providers }: HistoryRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const route = { schema, onRequest: identify.adminOnly };
    api.get('/admin/stocks/:sid/history', route, async ({ params: { sid }, query }, reply) => {
      const { from, until } = query;
      const history = await providers
        .readSaleHistory({
          sid,
          ...(from !== undefined && { fromMs: toMs('from', from) }),
          ...(until !== undefined && { untilMs: toMs('until', until) }),
        })
        // A provider of the release before does not know the call.
        .catch(orProblem({ [status.NOT_FOUND]: 'stock_not_found', [status.UNIMPLEMENTED]: 'unavailable' }));
      reply.header('cache-control', 'no-store');
      return historyView(sid, history);
    });
  };
}

function toMs(field: string, text: string): number {
  const ms = readTime(text);
  if (ms === null) throw invalidField(field, 'is not a valid time');
  return ms;
}

/** The answer. */
export type HistoryView = ReturnType<typeof historyView>;

function historyView(sid: number, history: SaleHistory) {
  const { fromMs, untilMs, bucketMs, buckets, currency } = history;
  return {
    sid: String(sid),
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    bucketSeconds: bucketMs / 1000,
    opensAt: isoOrNull(history.opensAtMs),
    firstOrderAt: isoOrNull(history.firstOrderAtMs),
    soldOutAt: isoOrNull(history.soldOutAtMs),
    buckets: buckets.map((bucket) => bucketView(bucket, fromMs + bucket.index * bucketMs, currency)),
  };
}

function bucketView(bucket: SaleBucket, atMs: number, currency: string) {
  const { orders, confirmed, paid, paidCents, slow } = bucket;
  return {
    at: new Date(atMs).toISOString(),
    orders,
    confirmed,
    refused: orders - confirmed,
    paid,
    paidAmount: money(paidCents, currency),
    msToLog: tenthOrNull(bucket.toLogMs),
    msToDecision: tenthOrNull(bucket.toDecisionMs),
    slowestMs: tenthOrNull(bucket.slowestMs),
    slow,
  };
}

function tenthOrNull(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10;
}

const wait = (description: string, example: number) => nullable(Type.Number({ description, examples: [example] }));

const bucketSchema = Type.Object({
  at: time('Its begin'),
  orders: integer('Orders that were decided in it', 940),
  confirmed: integer('Of them: orders that got their units', 900),
  refused: integer('Of them: refused orders with a row; orders refused before the log have none', 40),
  paid: integer('Orders that were paid in it, also if they were refunded since', 12),
  paidAmount: moneySchema('Of these'),
  msToLog: wait(
    'Average of the decided orders, from the click until the log took the order; null: none used the log',
    8.5,
  ),
  msToDecision: wait('Average of the decided orders, from the log to the decision; null: none used the log', 21.3),
  slowestMs: wait('The longest time from click to decision; null: not known', 180.2),
  slow: integer('Orders that took more than a second from click to decision', 0),
});

const schema = {
  operationId: 'getSaleHistory',
  summary: 'Read the time line of a sale',
  description: [
    'Decisions, payments and waiting times in at most 240 buckets of 1 second to days, from the rows of the orders: complete, whenever it is',
    'read. Buckets in which nothing happened are left out. Read at most once a second, from figures that the order-workers store by second and',
    'from the newest orders.',
  ].join(' '),
  tags: ['admin'],
  security: bearerSecurity,
  params: sidParams,
  querystring: Type.Object(
    {
      from: Type.Optional(time('Only from this second; default: the opening, or the first order')),
      until: Type.Optional(time('Only before this second; default: behind the last decision or payment')),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      {
        sid: Type.String({ description: 'Stock id', examples: ['1001'] }),
        from: time('The begin of the first bucket'),
        until: time('The end of the last bucket'),
        bucketSeconds: Type.Integer({ description: 'The length of a bucket', examples: [5] }),
        opensAt: nullable(time('Start of the sale; null: open from the start')),
        firstOrderAt: nullable(time('The first decision; null: no order')),
        soldOutAt: nullable(time('As in the summary')),
        buckets: Type.Array(bucketSchema, { description: 'By time' }),
      },
      { description: 'The time line' },
    ),
    ...problemResponses('invalid_request', 'stock_not_found', 'unavailable'),
  },
};
