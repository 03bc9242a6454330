import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ListOrdersRequestInput } from '../../proto/gen/flashsale/v1/ListOrdersRequest.ts';
import { stockOfOrderNumber } from '../../proto/messages/order-number.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { realClock, settleWithin } from '../../proto/process/clock.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import { bearerSecurity, cursorQuery, nextCursor, orderNoParams, problemResponses } from '../api/api-schemas.ts';
import { createCursors } from '../api/cursors.ts';
import { pageHeaders } from '../api/link-next-page.ts';
import type { Identify } from '../auth/identify.ts';
import { asReply } from '../http/direct-reply.ts';
import { Problem } from '../http/problem.ts';
import { readWaitSeconds } from '../http/read-headers.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { createDecisionWaiters } from './decision-waiters.ts';
import { nameOrder } from './name-order.ts';
import type { OrderClient } from './order-client.ts';
import { FILTERED_PAGES, orderFilters, readFilters } from './order-filters.ts';
import { orderView, unreadOrderView } from './order-view.ts';

const MAX_PAGE_SIZE = 100;
const PAGE_SIZE = 20;
/** nginx waits 5 s for an answer. */
const MAX_READ_WAIT_MS = 4000;
const MAX_WAITING_READS = 2000;
/** Many refused buyers list their orders at once: concurrent lists share a few calls, and further ones get 503. */
const LIST_BATCHES = { maxBatch: 32, maxInFlight: 2, maxWaiting: 2000 };

export type OrderRoutesOptions = {
  config: Pick<ConsumerConfig, 'ORDER_NO_KEY'>;
  identify: Identify;
  providers: Pick<Providers, 'listOrders' | 'listManyOrders' | 'searchOrders'>;
  orders: Pick<OrderClient, 'getOrder' | 'onPoll' | 'onDecision'>;
  traces?: Traces | undefined;
};

/** GET /orders and GET /orders/{orderNo}, for the buyer of the token. */
export function orderRoutes({ config, identify, providers, orders, traces }: OrderRoutesOptions) {
  const readFirstPage = createBatcher({
    ...LIST_BATCHES,
    clock: realClock,
    send: async (lists: ListOrdersRequestInput[]) => (await providers.listManyOrders({ lists })).lists,
  });

  const cursors = createCursors(config.ORDER_NO_KEY);

  return async (app: FastifyInstance): Promise<void> => {
    const watch = watchDecisions(orders);
    app.addHook('onClose', async () => watch.close());
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    api.get('/orders', { schema: listSchema, onRequest: identify.buyerOnly }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { limit, sid = 0, cursor: given, ...filters } = request.query;
      const { buyer } = request.identity;
      const isFiltered = Object.keys(filters).length > 0;
      const list = `orders of ${buyer} ${sid}${isFiltered ? JSON.stringify(filters) : ''}`;
      const cursor = cursors.read(list, given);
      const query = { buyer, sid, cursor, pageSize: limit };
      const page = await (isFiltered
        ? providers.searchOrders({ ...query, ...readFilters(filters) })
        : cursor === ''
          ? readFirstPage(query)
          : providers.listOrders(query));
      const next = cursors.link(request, reply, list, page.nextCursor);
      return { orders: page.orders.map(orderView), nextCursor: next };
    });

    api.get('/orders/:orderNo', { schema: getSchema, onRequest: identify.buyerOnly }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { orderNo } = request.params;
      const { buyer } = request.identity;
      const sid = stockOfOrderNumber(config.ORDER_NO_KEY, orderNo, buyer);
      if (sid === null) throw new Problem('order_not_found');
      nameOrder(asReply(reply), orderNo, traces);
      let order = await orders.getOrder(orderNo);
      if (order === null) {
        const waitSeconds = readWaitSeconds(request.headers.prefer, MAX_READ_WAIT_MS);
        const decision = waitSeconds && watch.expect(orderNo, waitSeconds * 1000);
        // The order may be lost anywhere on its path: the poll sends it again.
        if (!(await orders.onPoll(orderNo, sid, buyer))) throw new Problem('order_not_found');
        if (waitSeconds !== undefined) reply.header('preference-applied', `wait=${waitSeconds}`);
        await decision;
        if (decision) order = await orders.getOrder(orderNo);
      }
      if (order === null) {
        reply.header('retry-after', '1');
        return unreadOrderView({ orderNo, sid });
      }
      if (order.buyer !== buyer) throw new Problem('order_not_found');
      if (order.liveOrderNo) reply.header('link', `</api/v1/orders/${order.liveOrderNo}>; rel="related"`);
      return orderView(order);
    });
  };
}

/** Readers that wait for the decisions of their orders. */
function watchDecisions(orders: OrderRoutesOptions['orders']) {
  const waiters = createDecisionWaiters(MAX_WAITING_READS);
  const close = orders.onDecision(waiters.deliver);
  return {
    /** Resolves with the delivered decision, or after this time. With too many readers: at once. */
    async expect(orderNo: string, waitMs: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      if (!waiters.join(orderNo, resolve)) return;
      await settleWithin(realClock, waitMs, promise, (giveUp) => giveUp(null));
      waiters.leave(orderNo, resolve);
    },
    close,
  };
}

const listSchema = {
  operationId: 'listOrders',
  summary: 'List your orders',
  description: `Newest first, including refused orders. ${FILTERED_PAGES}`,
  tags: ['orders'],
  security: bearerSecurity,
  querystring: Type.Object(
    {
      ...cursorQuery(MAX_PAGE_SIZE, PAGE_SIZE),
      sid: Type.Optional(
        Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Only orders of this stock' }),
      ),
      ...orderFilters.properties,
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      { orders: Type.Array(Type.Unsafe<object>({ $ref: 'Order#' })), nextCursor },
      { description: 'A page of orders', headers: pageHeaders },
    ),
  },
};

const getSchema = {
  operationId: 'getOrder',
  summary: 'Get one of your orders',
  description: [
    'An order that is not decided yet is `pending`: poll it after `Retry-After`, or with `Prefer: wait=4`, which answers with its decision.',
    'A duplicate names your active order in `activeOrderNo` and in the header `Link`.',
  ].join(' '),
  tags: ['orders'],
  security: bearerSecurity,
  params: orderNoParams,
  headers: Type.Object({
    prefer: Type.Optional(Type.String({ description: '`wait=4`: wait for the decision, at most 4 s' })),
  }),
  response: {
    200: Type.Unsafe<object>({
      $ref: 'Order#',
      description: 'The order',
      headers: {
        Link: { type: 'string', description: 'With a duplicate: the active order' },
        'Retry-After': { type: 'integer', description: 'While pending: seconds until the next poll' },
      },
    }),
    ...problemResponses('order_not_found'),
  },
};
