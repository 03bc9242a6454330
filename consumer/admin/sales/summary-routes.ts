import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { status } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { StockSummary } from '../../../proto/gen/flashsale/v1/StockSummary.ts';
import { bearerSecurity, integer, nullable, problemResponses, sidParams, time } from '../../api/api-schemas.ts';
import { isoOrNull } from '../../api/iso-or-null.ts';
import { money, moneySchema } from '../../api/money.ts';
import type { Identify } from '../../auth/identify.ts';
import { orProblem } from '../../http/to-problem.ts';
import type { Providers } from '../../providers/connect-providers.ts';

export type SummaryRoutesOptions = { identify: Identify; providers: Pick<Providers, 'summarizeStock'> };

/** GET /admin/stocks/{sid}/summary: what became of a sale. */
export function summaryRoutes({ identify, providers }: SummaryRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const route = { schema, onRequest: identify.adminOnly };
    api.get('/admin/stocks/:sid/summary', route, async ({ params: { sid } }, reply) => {
      const summary = await providers
        .summarizeStock({ sid })
        .catch(orProblem({ [status.NOT_FOUND]: 'stock_not_found' }));
      reply.header('cache-control', 'no-store');
      return summaryView(sid, summary);
    });
  };
}

/** The answer. */
export type SummaryView = ReturnType<typeof summaryView>;

function summaryView(sid: number, summary: StockSummary) {
  const { count, sale, currency, confirmedOrders, paidOrders, opensAtMs, firstOrderAtMs, soldOutAtMs } = summary;
  const startedMs = opensAtMs ?? firstOrderAtMs;
  return {
    sid: String(sid),
    count,
    sold: sale,
    left: count - sale,
    unpaid: summary.unpaidUnits,
    paid: summary.paidUnits,
    refunded: summary.refundedUnits,
    expired: summary.expiredUnits,
    cancelled: summary.cancelledUnits,
    revenue: money(summary.revenueCents, currency),
    refundedAmount: money(summary.refundedCents, currency),
    unpaidAmount: moneyOrNull(summary.unpaidCents, currency),
    expiredAmount: moneyOrNull(summary.expiredCents, currency),
    cancelledAmount: moneyOrNull(summary.cancelledCents, currency),
    sellThrough: count === 0 ? null : share(sale, count),
    buyers: summary.buyers,
    confirmedOrders,
    paidOrders,
    refusedOrders: summary.refusedOrders,
    conversion: confirmedOrders === 0 ? null : share(paidOrders, confirmedOrders),
    soldOutAt: isoOrNull(soldOutAtMs),
    secondsToSoldOut:
      soldOutAtMs === undefined || startedMs === undefined ? null : Math.max(0, (soldOutAtMs - startedMs) / 1000),
  };
}

function share(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 10_000;
}

/** A provider of the release before does not send all amounts. */
function moneyOrNull(cents: number | undefined, currency: string) {
  return cents === undefined ? null : money(cents, currency);
}

const schema = {
  operationId: 'getStockSummary',
  summary: 'Sum up a sale',
  description: [
    'Reads all orders of the stock, at most once a second; of a sale with very many orders less often.',
    'Units are those of the orders in this state now.',
  ].join(' '),
  tags: ['admin'],
  security: bearerSecurity,
  params: sidParams,
  response: {
    200: Type.Object(
      {
        sid: Type.String({ description: 'Stock id', examples: ['1001'] }),
        count: integer('Units for sale, sold ones included', 1000),
        sold: integer('Units sold: paid and unpaid', 900),
        left: integer('Units left', 100),
        unpaid: integer('Units of orders that await payment', 50),
        paid: integer('Units of paid orders', 850),
        refunded: integer('Units of refunded orders', 3),
        expired: integer('Units of expired orders', 60),
        cancelled: integer('Units of cancelled orders', 10),
        revenue: moneySchema('Of the paid orders, without the refunded ones'),
        refundedAmount: moneySchema('Of the refunded orders'),
        unpaidAmount: nullable(
          moneySchema('Of the orders that await payment; null: not known during a rolling release'),
        ),
        expiredAmount: nullable(moneySchema('Of the expired orders; null: as before')),
        cancelledAmount: nullable(moneySchema('Of the cancelled orders; null: as before')),
        sellThrough: nullable(
          Type.Number({ description: 'Units sold per unit for sale, 0 to 1; null: no units', examples: [0.9] }),
        ),
        buyers: integer('Buyers with a confirmed order', 940),
        confirmedOrders: integer('Orders that got their units, whatever became of them', 973),
        paidOrders: integer('Orders that were paid, also if they were refunded since', 853),
        refusedOrders: integer('Refused orders with a row; orders refused before the log have none', 12_000),
        conversion: nullable(
          Type.Number({ description: 'Paid orders per confirmed order, 0 to 1; null: none', examples: [0.8767] }),
        ),
        soldOutAt: nullable(
          time(
            'When an order was first refused because no unit was left, or the last unit was taken; null: units are left',
          ),
        ),
        secondsToSoldOut: nullable(
          Type.Number({
            description: 'From the opening (without one, from the first order) to `soldOutAt`',
            examples: [12.345],
          }),
        ),
      },
      { description: 'The summary' },
    ),
    ...problemResponses('stock_not_found'),
  },
};
