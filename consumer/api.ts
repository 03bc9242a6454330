import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { RedisClient } from '../db/connect-redis.ts';
import { realClock } from '../proto/clock.ts';
import type { Metrics } from '../proto/open-metrics.ts';
import { actionRoutes } from './action-routes.ts';
import { adminRoutes } from './admin-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { buyRoutes } from './buy-routes.ts';
import type { Providers } from './call-provider.ts';
import type { ConsumerConfig } from './config.ts';
import { demoRoutes } from './demo-routes.ts';
import { addCommonProblems } from './describe-api.ts';
import { eventRoutes } from './event-routes.ts';
import { experimentRoutes } from './experiment-routes.ts';
import { guardApi } from './guard-api.ts';
import type { Identify } from './identify.ts';
import { limitCalls } from './limit-calls.ts';
import { liveRoutes } from './live-routes.ts';
import type { OrderDesk } from './open-order-desk.ts';
import type { ToldAnswer } from './open-told-desk.ts';
import { orderRoutes } from './order-routes.ts';
import { paymentRoutes } from './payment-routes.ts';
import type { ReadStock, StockReader } from './read-stock.ts';
import type { ToldMemory } from './remember-told.ts';
import { stockRoutes } from './stock-routes.ts';
import { timeRoutes } from './time-routes.ts';
import { traceRoutes } from './trace-routes.ts';
import type { LiveWatch } from './watch-live.ts';
import { webhookRoutes } from './webhook-routes.ts';

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
  desk: OrderDesk;
  metrics: Metrics;
  /** The whole system at work, for those who watch it. */
  live: LiveWatch;
  /** When this consumer heard of decisions, and how to find out when any of them did. */
  told: ToldMemory;
  askTold(orderNo: string): Promise<ToldAnswer | null>;
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
