import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import { realClock } from '../../proto/process/clock.ts';
import { actionRoutes } from '../admin/action-routes.ts';
import { adminRoutes } from '../admin/admin-routes.ts';
import { auditRoutes } from '../admin/audit-routes.ts';
import { experimentRoutes } from '../admin/experiments/experiment-routes.ts';
import { liveRoutes } from '../admin/live/live-routes.ts';
import type { LiveWatch } from '../admin/live/watch-live.ts';
import { traceRoutes } from '../admin/trace-routes.ts';
import { demoRoutes } from '../auth/demo-routes.ts';
import type { Identify } from '../auth/identify.ts';
import type { ConsumerConfig } from '../config.ts';
import { eventRoutes } from '../events/event-routes.ts';
import { limitCalls } from '../limits/limit-calls.ts';
import { buyRoutes } from '../orders/buy-routes.ts';
import type { DeliveryMemory } from '../orders/delivery-memory.ts';
import type { DeliveryAnswer } from '../orders/delivery-trace.ts';
import type { OrderClient } from '../orders/order-client.ts';
import { orderRoutes } from '../orders/order-routes.ts';
import { paymentRoutes } from '../payments/payment-routes.ts';
import { webhookRoutes } from '../payments/webhook-routes.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { ReadStock, StockReader } from '../stocks/stock-reader.ts';
import { stockRoutes } from '../stocks/stock-routes.ts';
import { addCommonProblems } from './describe-api.ts';
import { guardApi } from './guard-api.ts';
import { timeRoutes } from './time-routes.ts';

/** What the groups of routes are made from. */
export type ApiParts = {
  config: ConsumerConfig;
  /** Of this process. */
  name: string;
  logger: Logger;
  providers: Providers;
  redis: RedisClient;
  stocks: StockReader;
  readStock: ReadStock;
  identify: Identify;
  /** Orders on their way: buying, polling, decisions as they are told. */
  desk: OrderClient;
  metrics: Metrics;
  /** The whole system at work, for those who watch it. */
  live: LiveWatch;
  /** When this consumer heard of decisions, and how to find out when any of them did. */
  told: DeliveryMemory;
  requestDeliveries(orderNo: string): Promise<DeliveryAnswer | null>;
};

/** Everything under /api/v1. Each group of routes is a file of its own and one line here. */
export function api(parts: ApiParts) {
  const groups = [
    timeRoutes,
    stockRoutes(parts),
    buyRoutes(parts),
    orderRoutes(parts),
    paymentRoutes(parts),
    webhookRoutes(parts),
    adminRoutes(parts),
    auditRoutes(parts),
    actionRoutes(parts),
    eventRoutes(parts),
    ...(parts.config.LADDER === 'on' ? [experimentRoutes(parts)] : []),
    liveRoutes(parts),
    traceRoutes(parts),
    ...(parts.config.DEMO === 'on' ? [demoRoutes(parts)] : []),
  ];

  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRoute', addCommonProblems);
    await guardApi(app, parts.config);
    // After every onRequest hook, so that the caller is known where a route asks for one.
    app.addHook('preParsing', limitCalls(realClock, parts.redis, parts.config));
    // Here too, so that pages of other origins can read that an address of the API is not there.
    await app.register(async (unknown) => void unknown.setNotFoundHandler(app.answerUnknown), { prefix: '/api/v1' });
    for (const group of groups) await app.register(group, { prefix: '/api/v1' });
  };
}
