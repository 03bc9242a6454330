import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { connectRedis } from '../../db/redis/connect-redis.ts';
import { stockOfOrderNumber } from '../../proto/messages/order-number.ts';
import { realClock } from '../../proto/process/clock.ts';
import type { ApiParts } from '../api/api.ts';
import { bearerSecurity, orderNoParams, problemResponses, sidParams, streamResponse } from '../api/api-schemas.ts';
import { Problem } from '../http/problem.ts';
import { nameCaller } from '../limits/name-caller.ts';
import { isLastState, orderEvent, watchOrders } from '../orders/watch-orders.ts';
import { subscribeUnits } from '../stocks/subscribe-units.ts';
import { watchStocks } from '../stocks/watch-stocks.ts';
import { startEventHub } from './event-hub.ts';

/** GET /stocks/{sid}/events for everybody, GET /orders/{orderNo}/events for the buyer: server-sent events. */
export function eventRoutes(parts: ApiParts) {
  const { config, logger, metrics, readStock, desk, identify } = parts;

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const onDropped = metrics.listenerDropped;
    // Two, for anybody may listen to stocks, and must not take the places of those who wait for their order.
    const stockHub = startEventHub({ maxStreams: config.EVENT_LISTENERS, onDropped });
    const orderHub = startEventHub({ maxStreams: config.ORDER_EVENT_LISTENERS, onDropped });
    const stocks = watchStocks(realClock, readStock);
    const orders = watchOrders(desk);
    // One subscription, however many listen.
    const subscriber = connectRedis(config, logger);
    subscribeUnits(subscriber, stocks.tell);
    const open = { stock: 0, order: 0 };
    metrics.watch('flashsale_event_listeners', () => open);

    // Streams end before the server waits for its connections, and no one comes in after them.
    app.addHook('preClose', async () => {
      stockHub.close();
      orderHub.close();
      stocks.close();
      orders.close();
      subscriber.destroy();
    });

    const route = { config: { isStream: true }, exposeHeadRoute: false };

    api.get('/stocks/:sid/events', { ...route, schema: stockSchema }, async (request, reply) => {
      const { sid } = request.params;
      const fresh = await readStock(sid);
      if (fresh.value?.kind !== 'sale') throw new Problem('stock_not_found', `There is no stock ${sid} for sale.`);
      let leave: (() => void) | null = null;
      let isOpen = true;
      const reader = { name: nameCaller(request.ip), most: config.EVENT_LISTENERS_PER_ADDRESS };
      const stream = stockHub.open(reply, reader, () => {
        isOpen = false;
        open.stock -= 1;
        leave?.();
      });
      open.stock += 1;
      leave = await stocks.join(sid, readVersion(request), stream.send).catch(() => null);
      // The reader may have gone by now; or the stock cannot be read, and then it comes again.
      if (!isOpen) leave?.();
      else if (!leave) stream.end();
    });

    const orderRoute = { ...route, schema: orderSchema, onRequest: identify.buyerOnly };
    api.get('/orders/:orderNo/events', orderRoute, async (request, reply) => {
      const { orderNo } = request.params;
      const { buyer, untilMs } = request.identity;
      const sid = stockOfOrderNumber(config.ORDER_NO_KEY, orderNo, buyer);
      if (sid === null) throw new Problem('order_not_found');
      const order = await desk.getOrder(orderNo);
      if (order && order.buyer !== buyer) throw new Problem('order_not_found');
      if (!order && !(await desk.onPoll(orderNo, sid, buyer))) throw new Problem('order_not_found');
      const state = order?.state ?? 'pending';
      const seen = request.headers['last-event-id'];
      // 204 is how a browser is told that it need not come again.
      if (seen === state && isLastState(state)) return endForGood(reply);

      let leave: (() => void) | undefined;
      const reader = { name: `buyer ${buyer}`, most: config.EVENT_LISTENERS_PER_BUYER, untilMs };
      const stream = orderHub.open(reply, reader, () => {
        open.order -= 1;
        leave?.();
      });
      open.order += 1;
      const wish = { orderNo, sid, buyer };
      if (seen !== state) stream.send(orderEvent(wish, order).bytes);
      if (isLastState(state)) return stream.end();
      leave = orders.join(wish, state, ({ bytes, isLast }) => {
        stream.send(bytes);
        if (isLast) stream.end();
      });
    });
  };
}

function endForGood(reply: FastifyReply): FastifyReply {
  return reply.code(204).header('cache-control', 'no-store').send();
}

/** The version that the listener has seen, null when it says none. */
function readVersion(request: FastifyRequest): number | null {
  const text = String(request.headers['last-event-id'] ?? '');
  return /^\d{1,16}$/.test(text) ? Number(text) : null;
}

const stockSchema = {
  operationId: 'watchStock',
  summary: 'A stock’s units as they sell',
  description:
    'Events named `stock`, at most five a second: `{sid, state, left, count, sold, ordersPerSecond, opensAt, closesAt}`. The event’s id is the stock’s version; with `Last-Event-ID` nothing is sent that was seen.',
  tags: ['stocks'],
  params: sidParams,
  response: { 200: streamResponse, ...problemResponses('stock_not_found', 'too_many_requests', 'busy', 'unavailable') },
};

const orderSchema = {
  operationId: 'watchOrder',
  summary: 'What becomes of your order',
  description:
    'Events named `order`, each the order as `GET /orders/{orderNo}` shows it: decided, paid, expired. The event’s id is the state. The stream ends with a final state, and 204 says to whoever has seen it that nothing more will come.',
  tags: ['orders'],
  security: bearerSecurity,
  params: orderNoParams,
  response: {
    200: streamResponse,
    204: { description: 'Nothing more will come', type: 'null' },
    ...problemResponses('unauthorized', 'order_not_found', 'too_many_requests', 'busy', 'unavailable'),
  },
};
