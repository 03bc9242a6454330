import { Server } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { createCooldowns } from '../db/redis/cooldowns.ts';
import { announceReturn } from '../db/stocks/announce-return.ts';
import { createLadderCounters } from '../db/stocks/ladder-counters.ts';
import type { Stock, UnitsAfter } from '../db/stocks/stock-table.ts';
import { DrawService, OrderService, StockService, WebhookService } from '../proto/messages/load-protos.ts';
import type { Metrics } from '../proto/metrics/metrics.ts';
import { createCallLimit } from '../proto/process/call-limit.ts';
import { realClock } from '../proto/process/clock.ts';
import { createRareWarning } from '../proto/process/rare-warning.ts';
import type { Traces } from '../proto/traces/traces.ts';
import type { ProviderConfig } from './config.ts';
import type { Connections } from './connect-servers.ts';
import { readDrawOptions } from './draw-settings.ts';
import type { OrderPath } from './orders/order-path.ts';
import { addReflection } from './rpc/add-reflection.ts';
import { createDrawService } from './rpc/draws/draw-service.ts';
import { createDeadLetterReader } from './rpc/orders/dead-letter-reader.ts';
import { createOrderService } from './rpc/orders/order-service.ts';
import type { ServiceOptions } from './rpc/service-options.ts';
import { createStockService } from './rpc/stocks/stock-service.ts';
import { createTokenInterceptor } from './rpc/token-interceptor.ts';
import { createUnaryHandler } from './rpc/unary-handler.ts';
import { createWebhookService } from './rpc/webhooks/webhook-service.ts';

/** Lists use a quarter of the connections, and entries another one, so that orders always find one. */
const SHARE = 4;
const LISTS_WAITING = 500;
const LOCAL = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/;

type GrpcServerOptions = {
  config: ProviderConfig;
  name: string;
  logger: Logger;
  metrics: Metrics;
  connections: Connections;
  orderPath: OrderPath;
  traces: Traces | undefined;
  /** Aborted when this process closes. */
  closing: AbortSignal;
};

/** The gRPC server with all services. */
export function createGrpcServer(options: GrpcServerOptions): Server {
  const { config, name, logger, metrics, connections, orderPath, traces, closing } = options;
  const { database, payments, redis, kafka, topics } = connections;
  const { readStock, placer } = orderPath;
  const server = new Server({
    // Consumers ping every second to notice a frozen provider.
    'grpc.keepalive_permit_without_calls': 1,
    interceptors: config.PROVIDER_TOKEN ? [createTokenInterceptor(config.PROVIDER_TOKEN)] : [],
  });
  if (!config.PROVIDER_TOKEN && !LOCAL.test(config.PROVIDER_HOST)) {
    logger.warn({ host: config.PROVIDER_HOST }, 'PROVIDER_TOKEN is not set: any client can call this provider');
  }
  const warn = createRareWarning(logger, 'call failed');
  const service: ServiceOptions = {
    name,
    database,
    readStock,
    counters: createLadderCounters(realClock, redis),
    answer: (work) => createUnaryHandler(warn, metrics, work),
    warn,
    limitList: createCallLimit({
      maxConcurrent: shareOf(config.MYSQL_POOL),
      maxWaiting: LISTS_WAITING,
    }),
  };
  const onStockChanged = ({ sid, count, sale, version }: Stock) => announceReturn(redis, { sid, count, sale, version });
  const onReturn = (units: UnitsAfter) => announceReturn(redis, units);
  server.addService(
    StockService.service,
    createStockService({
      ...service,
      logger,
      closing,
      uniqueStockReferences: config.UNIQUE_STOCK_REFERENCES === 'on',
      maxPerOrder: config.MAX_PER_ORDER,
      draws: readDrawOptions(config),
      onStockChanged,
    }),
  );
  server.addService(
    OrderService.service,
    createOrderService({
      ...service,
      placer,
      traces,
      payments,
      onPayment: metrics.paymentRecorded,
      onReturn,
      readDeadLetters: createDeadLetterReader(kafka, topics.ordersDead, config.ORDER_RECORD_KEY),
      startCooldown: createCooldowns(realClock, redis, config)?.start,
    }),
  );
  const webhooks = { keys: config.WEBHOOK_KEY, addresses: config.WEBHOOK_ADDRESSES };
  server.addService(
    WebhookService.service,
    createWebhookService({ database, answer: service.answer, limitList: service.limitList, ...webhooks }),
  );
  server.addService(
    DrawService.service,
    createDrawService({
      ...service,
      ...readDrawOptions(config),
      maxTaking: shareOf(config.MYSQL_POOL),
      onTaken: metrics.entered,
      onLineOpened: onReturn,
    }),
  );
  addReflection(server);
  return server;
}

function shareOf(connections: number): number {
  return Math.max(1, Math.floor(connections / SHARE));
}
