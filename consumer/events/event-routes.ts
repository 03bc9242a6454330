import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { connectRedis } from '../../db/redis/connect-redis.ts';
import { stockOfOrderNumber } from '../../proto/messages/order-number.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import { realClock } from '../../proto/process/clock.ts';
import { bearerSecurity, orderNoParams, problemResponses, sidParams, streamResponse } from '../api/api-schemas.ts';
import type { Identify } from '../auth/identify.ts';
import type { DrawCalls } from '../draws/draw-calls.ts';
import { startEventHub } from '../http/event-hub.ts';
import { Problem } from '../http/problem.ts';
import { nameCaller } from '../limits/name-caller.ts';
import type { OrderClient } from '../orders/order-client.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import type { StockReader } from '../stocks/stock-reader.ts';
import { entryEvent, startEntryWatch } from './entry-watch.ts';
import { isLastState, orderEvent, startOrderWatch } from './order-watch.ts';
import { startStockWatch } from './stock-watch.ts';
import { subscribeUnits } from './subscribe-units.ts';

export type EventRoutesOptions = {
  config: ConsumerConfig;
  logger: Logger;
  metrics: Metrics;
  identify: Identify;
  stocks: Pick<StockReader, 'read'>;
  orders: Pick<OrderClient, 'getOrder' | 'onPoll' | 'onDecision'>;
  drawCalls: Pick<DrawCalls, 'draws' | 'readEntry'>;
};

type OpenStreams = { stock: number; order: number; entry: number };

/** Server-sent events: GET /stocks/{sid}/events, public, and for their buyer GET /orders/{orderNo}/events and GET /stocks/{sid}/entry/events. */
export function eventRoutes(options: EventRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const open: OpenStreams = { stock: 0, order: 0, entry: 0 };
    options.metrics.watch('flashsale_event_listeners', () => open);
    // Each has a hub of its own, so that public streams, and entries that wait for hours, leave room for buyers who wait for their orders.
    addStockEvents(app, options, open);
    addOrderEvents(app, options, open);
    addEntryEvents(app, options, open);
  };
}

const route = { config: { isStream: true }, exposeHeadRoute: false };

function addStockEvents(app: FastifyInstance, options: EventRoutesOptions, open: OpenStreams): void {
  const { config, logger, metrics, stocks } = options;
  const api = app.withTypeProvider<TypeBoxTypeProvider>();
  const hub = startEventHub({ maxStreams: config.EVENT_LISTENERS, onDropped: metrics.listenerDropped });
  const watch = startStockWatch(realClock, stocks.read);
  // One subscription for all streams.
  const subscriber = connectRedis(config, logger);
  subscribeUnits(subscriber, watch.updateUnits);
  // Streams end before the server waits for its connections.
  app.addHook('preClose', async () => {
    hub.close();
    watch.close();
    subscriber.destroy();
  });

  api.get('/stocks/:sid/events', { ...route, schema: stockSchema }, async (request, reply) => {
    const { sid } = request.params;
    const fresh = await stocks.read(sid);
    if (fresh.value?.kind !== 'sale') throw new Problem('stock_not_found', `No such stock: ${sid}.`);
    let leave: (() => void) | null = null;
    let isOpen = true;
    const reader = { name: nameCaller(request.ip), maxStreams: config.EVENT_LISTENERS_PER_ADDRESS };
    const stream = hub.open(reply, reader, () => {
      isOpen = false;
      open.stock -= 1;
      leave?.();
    });
    open.stock += 1;
    leave = await watch.join(sid, readVersion(request), stream.send).catch(() => null);
    // The reader may be gone by now. If the stock cannot be read, the stream ends and its reader reconnects.
    if (!isOpen) leave?.();
    else if (!leave) stream.end();
  });
}

function addOrderEvents(app: FastifyInstance, options: EventRoutesOptions, open: OpenStreams): void {
  const { config, metrics, identify, orders } = options;
  const api = app.withTypeProvider<TypeBoxTypeProvider>();
  const hub = startEventHub({ maxStreams: config.ORDER_EVENT_LISTENERS, onDropped: metrics.listenerDropped });
  const watch = startOrderWatch(orders);
  app.addHook('preClose', async () => {
    hub.close();
    watch.close();
  });

  const orderRoute = { ...route, schema: orderSchema, onRequest: identify.buyerOnly };
  api.get('/orders/:orderNo/events', orderRoute, async (request, reply) => {
    const { orderNo } = request.params;
    const { buyer, untilMs } = request.identity;
    const sid = stockOfOrderNumber(config.ORDER_NO_KEY, orderNo, buyer);
    if (sid === null) throw new Problem('order_not_found');
    const order = await orders.getOrder(orderNo);
    if (order && order.buyer !== buyer) throw new Problem('order_not_found');
    if (!order && !(await orders.onPoll(orderNo, sid, buyer))) throw new Problem('order_not_found');
    const state = order?.state ?? 'pending';
    const seen = request.headers['last-event-id'];
    // After 204 a browser does not reconnect.
    if (seen === state && isLastState(state)) return reply.code(204).header('cache-control', 'no-store').send();

    let leave: (() => void) | undefined;
    const reader = { name: `buyer ${buyer}`, maxStreams: config.EVENT_LISTENERS_PER_BUYER, untilMs };
    const stream = hub.open(reply, reader, () => {
      open.order -= 1;
      leave?.();
    });
    open.order += 1;
    const watched = { orderNo, sid, buyer };
    if (seen !== state) stream.send(orderEvent(watched, order).bytes);
    if (isLastState(state)) return stream.end();
    leave = watch.join(watched, state, ({ bytes, isLast }) => {
      stream.send(bytes);
      if (isLast) stream.end();
    });
  });
}

function addEntryEvents(app: FastifyInstance, options: EventRoutesOptions, open: OpenStreams): void {
  const { config, metrics, identify, drawCalls } = options;
  const api = app.withTypeProvider<TypeBoxTypeProvider>();
  const hub = startEventHub({ maxStreams: config.ORDER_EVENT_LISTENERS, onDropped: metrics.listenerDropped });
  const watch = startEntryWatch(realClock, drawCalls);
  app.addHook('preClose', async () => {
    hub.close();
    watch.close();
  });

  const entryRoute = { ...route, schema: entrySchema, onRequest: identify.buyerOnly };
  api.get('/stocks/:sid/entry/events', entryRoute, async (request, reply) => {
    const { buyer, untilMs } = request.identity;
    const entry = await drawCalls.readEntry({ sid: request.params.sid, buyer });
    if (!entry) throw new Problem('entry_not_found');
    const now = entryEvent(entry);
    const seen = request.headers['last-event-id'];
    if (seen === now.id && now.isLast) return reply.code(204).header('cache-control', 'no-store').send();

    let leave: (() => void) | undefined;
    const reader = { name: `buyer ${buyer}`, maxStreams: config.EVENT_LISTENERS_PER_BUYER, untilMs };
    const stream = hub.open(reply, reader, () => {
      open.entry -= 1;
      leave?.();
    });
    open.entry += 1;
    if (seen !== now.id) stream.send(now.bytes);
    if (now.isLast) return stream.end();
    leave = watch.join(entry, ({ bytes, isLast }) => {
      stream.send(bytes);
      if (isLast) stream.end();
    });
  });
}

/** The version that the reader has seen; null when it sends none. */
function readVersion(request: FastifyRequest): number | null {
  const text = String(request.headers['last-event-id'] ?? '');
  return /^\d{1,16}$/.test(text) ? Number(text) : null;
}

const stockSchema = {
  operationId: 'watchStock',
  summary: 'Stream the units of a stock',
  description:
    'Events named `stock`, at most five per second: `{sid, state, left, count, sold, ordersPerSecond, opensAt, closesAt}`. The id of an event is the version of the stock. With `Last-Event-ID`, events that were already received are not sent again.',
  tags: ['stocks'],
  params: sidParams,
  response: { 200: streamResponse, ...problemResponses('stock_not_found', 'too_many_requests', 'busy', 'unavailable') },
};

const orderSchema = {
  operationId: 'watchOrder',
  summary: 'Stream the states of your order',
  description:
    'Events named `order`, each with the order as `GET /orders/{orderNo}` returns it. The id of an event is the state. The stream ends with a final state; a client that reconnects afterwards is answered with 204.',
  tags: ['orders'],
  security: bearerSecurity,
  params: orderNoParams,
  response: {
    200: streamResponse,
    204: { description: 'No further events', type: 'null' },
    ...problemResponses('unauthorized', 'order_not_found', 'too_many_requests', 'busy', 'unavailable'),
  },
};

const entrySchema = {
  operationId: 'watchEntry',
  summary: 'Stream your entry and its draw',
  description:
    'Events named `entry`, each with the entry as `GET /stocks/{sid}/entry` returns it, when it has its place or its turn; and events named `draw`, as `GET /stocks/{sid}/draw` returns it: at once, when the draw is stated or drawn, and at most every 5 s how far offers went. The stream ends when the entry does not wait any more; a client that reconnects afterwards is answered with 204.',
  tags: ['draws'],
  security: bearerSecurity,
  params: sidParams,
  response: {
    200: streamResponse,
    204: { description: 'No further events', type: 'null' },
    ...problemResponses('unauthorized', 'entry_not_found', 'too_many_requests', 'busy', 'unavailable'),
  },
};
