import { randomBytes } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { RedisClient } from '../db/redis/connect-redis.ts';
import { DecisionBatchType } from '../proto/messages/load-protos.ts';
import { signMessage } from '../proto/messages/signed-message.ts';
import { createMetrics } from '../proto/metrics/metrics.ts';
import { realClock } from '../proto/process/clock.ts';
import type { WarmUpBudget } from '../proto/process/warm-up.ts';
import { parseSecretKeys, signingKey } from '../proto/settings/secret-keys.ts';
import { createIdentify } from './auth/identify.ts';
import { buyRoutes } from './buying/buy-routes.ts';
import { addSchemas } from './describe-api.ts';
import { createHttp } from './http/create-http.ts';
import { drainHttp } from './http/drain-http.ts';
import { measureRequests } from './http/measure-requests.ts';
import { createAdmission } from './limits/admission.ts';
import { createCallLimits } from './limits/call-limits.ts';
import { createOrderLimits } from './limits/order-limits.ts';
import { createDeliveryMemory } from './orders/delivery-memory.ts';
import { type OrderClient, startOrderClient } from './orders/order-client.ts';
import { createOrderPlacer } from './orders/order-placer.ts';
import { subscribeDecisions } from './orders/subscribe-decisions.ts';
import { connectProviders, type Providers } from './providers/connect-providers.ts';
import { apiRoutes } from './routes.ts';
import type { ConsumerConfig } from './settings/settings-schema.ts';
import { createStockReader } from './stocks/stock-reader.ts';
import { sendRequests } from './warm-up/send-requests.ts';
import { type StandInProvider, startStandInProvider } from './warm-up/stand-in-provider.ts';
import { withWarmUpKeys } from './warm-up/with-warm-up-keys.ts';

const NAME = 'warm-up';
const SID = 1;
const CONNECTIONS = 128;
const MAX_REQUESTS = 1500;
/** Every so many-th order is sold out, so that refusals are warm too. */
const SOLD_OUT_EVERY = 4;
const TOKEN_MS = 600_000;

type WarmUpOptions = { config: ConsumerConfig; redis: RedisClient; logger: Logger; maxRequests?: number };

/**
 * Buys from a second instance of the order path of this consumer, over HTTP on a port of its own. It has its own secrets, so that no token of
 * a buyer is valid there and none of its tokens here; its own metrics and memory; and a provider of its own. Only the connection to Redis
 * is shared, with keys of no stock. V8 compiles a function once for all instances. Resolves with the number of requests.
 */
export async function warmUpOrders(options: WarmUpOptions, budget: WarmUpBudget): Promise<number> {
  const config = withOwnSecrets(options.config);
  const logger = options.logger.child({}, { level: 'silent' });
  const decisions = createDecisionChannel(config);
  const provider = await startStandInProvider(decisions.publish);
  const started = await startOwnApp({ config, logger, redis: withWarmUpKeys(options.redis), provider, decisions });
  const { app, close } = started;
  try {
    const { port } = app.server.address() as { port: number };
    const maxRequests = options.maxRequests ?? MAX_REQUESTS;
    const write = createRequestWriter(config);
    let sent = 0;
    const next = () => {
      if (sent >= maxRequests || budget.isSpent()) return undefined;
      sent += 1;
      return write();
    };
    const statuses = await sendRequests({ port, connections: CONNECTIONS, next });
    // On a busy machine some orders are not decided in time.
    if (!statuses.has(201)) throw new Error(`no order was confirmed: ${JSON.stringify([...statuses])}`);
    return sent;
  } finally {
    await close();
  }
}

/** The settings of this process, with secrets that exist during the warm-up only. */
function withOwnSecrets(config: ConsumerConfig): ConsumerConfig {
  const secret = () => randomBytes(32).toString('hex');
  const own = { JWT_SECRET: secret(), JWKS_URL: '', ORDER_NO_KEY: secret(), DECISION_KEY: secret() };
  return {
    ...config,
    ...own,
    BUYER_CLAIM: 'sub',
    PROVIDER_TOKEN: secret(),
    ALLOWED_HOSTS: '',
    BLOCK_LIMIT: 0,
    EVENT_LOOP_DELAY_MS: 0,
  };
}

type DecisionChannel = {
  /** Decides the orders and passes the signed message to the subscriber. */
  publish(orderNos: string[]): void;
  subscriber: RedisClient;
};

/** In place of Redis' channel: consumers may not publish decisions. */
function createDecisionChannel(config: ConsumerConfig): DecisionChannel {
  const key = signingKey(config.DECISION_KEY);
  let deliver: (message: Buffer) => void = () => undefined;
  let count = 0;
  const decide = (orderNo: string) => {
    count += 1;
    const isLast = count % SOLD_OUT_EVERY === 0;
    const [decision, state] = isLast
      ? (['SOLD_OUT', 'sold_out'] as const)
      : (['CONFIRMED', 'awaiting_payment'] as const);
    return { orderNo, decision, state, liveOrderNo: '' };
  };
  const subscriber = {
    names: { decisionsChannel: () => NAME },
    isReady: true,
    on: () => undefined,
    async subscribe(_channel: string, listen: typeof deliver) {
      deliver = listen;
    },
  };
  return {
    publish: (orderNos) =>
      deliver(
        signMessage('decisions', key, DecisionBatchType.serialize({ decisions: orderNos.map(decide), toldBy: NAME })),
      ),
    subscriber: subscriber as unknown as RedisClient,
  };
}

type OwnAppOptions = {
  config: ConsumerConfig;
  logger: Logger;
  redis: RedisClient;
  provider: StandInProvider;
  decisions: DecisionChannel;
};

async function startOwnApp(options: OwnAppOptions): Promise<{ app: FastifyInstance; close(): Promise<void> }> {
  const { config, logger, redis, provider, decisions } = options;
  const providers = connectProviders(provider.address, config.CALL_DEADLINE_MS, config.PROVIDER_TOKEN);
  const stocks = createStockReader(realClock, providers);
  const deliveries = createDeliveryMemory();
  const orders = startOwnOrders({ config, providers, stocks, deliveries, decisions });
  const app = createHttp(config, NAME, logger);
  const metrics = createMetrics('consumer', { ofProcess: false });
  const limits = createOrderLimits(realClock, redis, config, metrics.limitedAlone);
  measureRequests(app, metrics);
  drainHttp(app);
  addSchemas(app);
  const calls = createCallLimits(realClock, redis, config, metrics.limitedAlone);
  const identify = createIdentify(config);
  const buying = buyRoutes({
    config,
    logger,
    metrics,
    orders,
    stocks,
    deliveries,
    limits,
    calls,
    identify,
    // Nothing is required of its own buyers.
    checkAdmission: null,
    checkRisk: null,
  });
  await app.register(apiRoutes(config, calls, [buying]));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    app,
    async close() {
      await app.close();
      orders.close();
      providers.close();
      provider.close();
    },
  };
}

type OwnOrdersOptions = {
  config: ConsumerConfig;
  providers: Providers;
  stocks: ReturnType<typeof createStockReader>;
  deliveries: ReturnType<typeof createDeliveryMemory>;
  decisions: DecisionChannel;
};

function startOwnOrders({ config, providers, stocks, deliveries, decisions }: OwnOrdersOptions): OrderClient {
  const admission = createAdmission({
    clock: realClock,
    random: Math.random,
    waitMs: config.ORDER_WAIT_MS,
    assumedRate: config.ASSUMED_ORDER_RATE,
    minWaiting: CONNECTIONS,
    maxWaitingPerStock: config.MAX_WAITING_PER_STOCK,
  });
  return startOrderClient({
    clock: realClock,
    providers,
    stocks,
    placeOrder: createOrderPlacer({
      clock: realClock,
      replyTo: NAME,
      placeOrders: providers.placeOrders,
      maxBatch: config.PLACE_BATCH,
      maxInFlight: config.PLACE_CALLS,
      maxWaiting: config.PLACE_WAITING,
      estimateMs: admission.estimateMs,
    }),
    subscribeDecisions(listener) {
      subscribeDecisions(decisions.subscriber, NAME, parseSecretKeys(config.DECISION_KEY), (decided, worker) => {
        deliveries.note(decided.orderNo, worker);
        listener(decided);
      });
      return () => undefined;
    },
    admission,
    waitMs: config.ORDER_WAIT_MS,
    maxWaiting: config.MAX_WAITING,
    maxPending: config.MAX_UNDECIDED,
  });
}

/** Returns a function that writes the order of another buyer at each call, as nginx passes it on. */
function createRequestWriter({ JWT_SECRET, JWT_ISSUER: iss, JWT_AUDIENCE: aud }: ConsumerConfig): () => string {
  const sign = createSigner({ key: JWT_SECRET, algorithm: 'HS256' });
  const exp = Math.floor((Date.now() + TOKEN_MS) / 1000);
  const id = randomBytes(6).toString('hex');
  let buyers = 0;
  return () => {
    buyers += 1;
    const sub = `warm-up-${id}-${buyers}`;
    const body = buyers % 2 === 0 ? '{"maxPrice":{"amount":1999,"currency":"EUR"}}' : '';
    return [
      `POST /api/v1/stocks/${SID}/orders HTTP/1.1`,
      'Host: 127.0.0.1',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: http',
      `X-Request-Id: ${sub}`,
      `Authorization: Bearer ${sign({ sub, iss, aud, exp })}`,
      `Idempotency-Key: "${sub}"`,
      'Idempotency-Attempt: 1',
      ...(body ? ['Content-Type: application/json'] : []),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  };
}
