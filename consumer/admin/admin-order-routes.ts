import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isOrderNo } from '../../proto/messages/order-record.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import {
  bearerSecurity,
  cursorQuery,
  idempotencyKeyHeader,
  idempotencyProblems,
  nextCursor,
  orderNoParams,
  problemResponses,
  reasonField,
} from '../api/api-schemas.ts';
import { createCursors } from '../api/cursors.ts';
import { checkIdempotencyKey, nameRequest } from '../api/idempotent-request.ts';
import { pageHeaders } from '../api/link-next-page.ts';
import type { Identify } from '../auth/identify.ts';
import { nameActor } from '../auth/name-actor.ts';
import { asReply } from '../http/direct-reply.ts';
import { Problem } from '../http/problem.ts';
import { nameOrder } from '../orders/name-order.ts';
import { FILTERED_PAGES, orderFilters, readFilters } from '../orders/order-filters.ts';
import { changedOrder } from '../payments/payment-routes.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { adminOrderView } from './admin-orders.ts';

export type AdminOrderRoutesOptions = {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY'>;
  identify: Identify;
  providers: Pick<Providers, 'searchOrders' | 'cancelOrder'>;
  traces?: Traces | undefined;
};

/** GET /admin/orders, and POST /admin/orders/{orderNo}/cancel. */
export function adminOrderRoutes({ config, identify, providers, traces }: AdminOrderRoutesOptions) {
  const cursors = createCursors(config.ORDER_NO_KEY);
  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    api.get('/admin/orders', { schema: searchSchema, onRequest: identify.adminOnly }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { cursor, limit, ...filters } = request.query;
      const search = toSearch(filters);
      const list = `orders by ${JSON.stringify(search)}`;
      const page = await providers.searchOrders({
        ...search,
        pageSize: limit,
        cursor: cursors.read(list, cursor),
      });
      const next = cursors.link(request, reply, list, page.nextCursor);
      return { orders: page.orders.map(adminOrderView), nextCursor: next };
    });

    const cancel = { schema: cancelSchema, onRequest: identify.adminOnly, preValidation: checkIdempotencyKey };
    api.post('/admin/orders/:orderNo/cancel', cancel, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { orderNo } = request.params;
      if (!isOrderNo(orderNo)) throw new Problem('order_not_found');
      nameOrder(asReply(reply), orderNo, traces);
      const reason = request.body?.reason ?? '';
      const change = await providers.cancelOrder({
        orderNo,
        reason,
        actor: nameActor(request),
        ...nameRequest(request),
      });
      if (change.outcome === 'ORDER_NOT_FOUND') throw new Problem('order_not_found');
      request.log.info({ buyer: request.identity.buyer, orderNo, outcome: change.outcome, reason }, 'cancel requested');
      return adminOrderView(changedOrder(change));
    });
  };
}

const filters = Type.Object({
  sid: Type.Optional(
    Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Only orders of this stock' }),
  ),
  buyer: Type.Optional(
    Type.String({ pattern: '^[!-~]{1,255}$', description: 'Only orders of this buyer', examples: ['ann'] }),
  ),
  ...orderFilters.properties,
});

function toSearch({ sid = 0, buyer = '', ...rest }: Static<typeof filters>) {
  // Without either, the whole table would be read.
  if (sid === 0 && buyer === '') {
    const message = 'is required without buyer';
    throw new Problem('invalid_request', `sid ${message}`, { errors: [{ in: 'querystring', field: 'sid', message }] });
  }
  return { sid, buyer, ...readFilters(rest) };
}

const common = { tags: ['admin'], security: bearerSecurity };

const searchSchema = {
  ...common,
  operationId: 'searchOrders',
  summary: 'Search orders',
  description: ['Newest first. `sid` or `buyer` is required.', FILTERED_PAGES].join(' '),
  querystring: Type.Object({ ...cursorQuery(1000, 100), ...filters.properties }, { additionalProperties: false }),
  response: {
    200: Type.Object(
      { orders: Type.Array(Type.Unsafe<object>({ $ref: 'AdminOrder#' })), nextCursor },
      { description: 'A page of orders', headers: pageHeaders },
    ),
  },
};

const cancelSchema = {
  ...common,
  operationId: 'cancelOrderForBuyer',
  summary: 'Cancel an unpaid order for its buyer',
  description: 'The units can be sold again at once. Repeated calls get the same response. Recorded in the action log.',
  params: orderNoParams,
  headers: Type.Object(idempotencyKeyHeader),
  body: Type.Optional(
    Type.Unsafe<{ reason?: string } | null>({
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        reason: reasonField('Kept in the action log'),
      },
    }),
  ),
  response: {
    200: Type.Unsafe<object>({ $ref: 'AdminOrder#', description: 'The cancelled order' }),
    ...problemResponses('order_not_found', 'wrong_state', ...idempotencyProblems),
  },
};
