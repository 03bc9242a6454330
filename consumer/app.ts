import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { connectRedis } from '../db/connect-redis.ts';
import { serveHealth } from '../proto/serve-health.ts';
import { connectProviders } from './call-provider.ts';
import type { ConsumerConfig } from './config.ts';
import { ladderRoutes } from './ladder-routes.ts';
import { ladderLimiter } from './limit-ladder.ts';
import { createOrderPlacer } from './place-order.ts';
import { stockNumRoute } from './stock-num-route.ts';

export type RunningConsumer = { app: FastifyInstance; close(): Promise<void> };

/** Starts the HTTP server. It is ready once a provider can be reached. */
export async function startApp(config: ConsumerConfig, name: string, logger: Logger): Promise<RunningConsumer> {
  const redis = connectRedis(config.REDIS_URL, logger);
  const providers = connectProviders(config.PROVIDERS, config.CALL_DEADLINE_MS);
  const placeOrder = createOrderPlacer({
    replyTo: name,
    placeOrders: providers.placeOrders,
    maxBatch: config.PLACE_BATCH,
    callsOut: config.PLACE_CALLS,
    maxWaiting: config.PLACE_WAITING,
  });

  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUST_PROXY.split(','),
    requestIdHeader: 'x-request-id',
    bodyLimit: 64 * 1024,
    // Above nginx's keepalive to us, so that it is nginx who closes an idle connection and no request falls in between.
    keepAliveTimeout: 75_000,
    requestTimeout: 10_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-served-by', name);
  });
  app.get('/health', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    await providers.waitUntilReady();
    return 'ok';
  });
  await app.register(stockNumRoute(providers));
  if (config.LADDER === 'on') {
    const letThrough = ladderLimiter(redis, config.LADDER_LIMIT);
    await app.register(ladderRoutes({ providers, placeOrder, letThrough, limitStatus: config.LADDER_LIMIT_STATUS }));
  }

  // The first call opens the connection and costs some 50 ms; no buyer pays for it.
  await providers.waitUntilReady().catch((error: unknown) => logger.warn({ err: error }, 'no provider yet'));
  await app.listen({ port: config.CONSUMER_PORT, host: config.CONSUMER_HOST, backlog: 4096 });
  let stopping = false;
  const health = await serveHealth(config.METRICS_PORT, config.METRICS_HOST, {
    serving: () => !stopping,
    provider: () => providers.waitUntilReady().then(() => true),
  });

  return {
    app,
    async close() {
      stopping = true;
      await app.close();
      providers.close();
      redis.destroy();
      await health.close();
    },
  };
}
