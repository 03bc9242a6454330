import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { RedisClient } from '../db/connect-redis.ts';
import type { Metrics } from '../proto/open-metrics.ts';
import { adminRoutes } from './admin-routes.ts';
import { buyRoutes } from './buy-routes.ts';
import type { Providers } from './call-provider.ts';
import type { ConsumerConfig } from './config.ts';
import { demoRoutes } from './demo-routes.ts';
import { addCommonProblems } from './describe-api.ts';
import { eventRoutes } from './event-routes.ts';
import { experimentRoutes } from './experiment-routes.ts';
import { guardApi } from './guard-api.ts';
import type { Identify } from './identify.ts';
import type { OrderDesk } from './open-order-desk.ts';
import { orderRoutes } from './order-routes.ts';
import { paymentRoutes } from './payment-routes.ts';
import type { ReadStock } from './read-stock.ts';
import { stockRoutes } from './stock-routes.ts';
import { timeRoutes } from './time-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** What the groups of routes are made from. */
export type ApiParts = {
  config: ConsumerConfig;
  /** Of this process. */
  name: string;
  logger: Logger;
  providers: Providers;
  redis: RedisClient;
  readStock: ReadStock;
  identify: Identify;
  /** Orders on their way: buying, polling, decisions as they are told. */
  desk: OrderDesk;
  metrics: Metrics;
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
    eventRoutes(parts),
    ...(parts.config.LADDER === 'on' ? [experimentRoutes(parts)] : []),
    ...(parts.config.DEMO === 'on' ? [demoRoutes(parts)] : []),
  ];

  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRoute', addCommonProblems);
    await guardApi(app, parts.config);
    for (const group of groups) await app.register(group, { prefix: '/api/v1' });
  };
}
