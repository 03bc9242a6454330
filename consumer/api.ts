import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { RedisClient } from '../db/connect-redis.ts';
import type { Providers } from './call-provider.ts';
import type { Metrics } from '../proto/open-metrics.ts';
import type { ConsumerConfig } from './config.ts';
import type { Identify } from './identify.ts';
import type { OrderDesk } from './open-order-desk.ts';
import type { ReadStock } from './read-stock.ts';

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
  return async (_app: FastifyInstance): Promise<void> => {
    void parts;
  };
}
