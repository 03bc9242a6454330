import type { Logger } from 'pino';
import type { RedisClient } from '../db/redis/connect-redis.ts';
import { createLadderCounters } from '../db/stocks/ladder-counters.ts';
import { hasPendingRecords } from '../proto/kafka/has-pending-records.ts';
import { type Appender, createKafkaTarget, type LagReader } from '../proto/kafka/kafka.ts';
import type { topicNames } from '../proto/kafka/topics.ts';
import { realClock, withDeadline } from '../proto/process/clock.ts';
import { createWarmUp, type WarmUp } from '../proto/process/warm-up.ts';
import { readKafkaAddress } from '../proto/settings/kafka-security.ts';
import type { ProviderConfig } from './config.ts';
import type { OrderPath } from './orders/order-path.ts';
import { warmUpOrders } from './warm-up-orders.ts';

const NO_STOCK = 0;
/** CPU time of the warm-up: docs/performance.md, "What helped at the opening". */
const WARM_UP_CPU_MS = 500;
/** Connections that are not open by then are opened by buyers. */
const OPEN_MS = 1000;

type ProviderWarmUpOptions = {
  config: ProviderConfig;
  name: string;
  logger: Logger;
  connections: { redis: RedisClient; topics: ReturnType<typeof topicNames>; log: Appender; lag: LagReader };
  orderPath: Pick<OrderPath, 'readStock'>;
  /** Resolves when connections to MySQL are open. */
  opened: Promise<void>;
};

/** Opens what the first buyers would open, and places orders that leave nothing behind. Skipped while buyers wait in the log. */
export function createProviderWarmUp(options: ProviderWarmUpOptions): WarmUp {
  const { config, name, logger, connections, orderPath, opened } = options;
  const { redis, topics, log, lag } = connections;
  return createWarmUp({
    isOn: config.WARM_UP === 'on',
    logger,
    cpuMs: WARM_UP_CPU_MS,
    async work(budget) {
      if (await hasPendingRecords(lag)) return 'skipped';
      // A stock that does not exist: the read passes Redis, its script, and MySQL.
      const reads = Promise.allSettled([opened, log.open(topics.orders), orderPath.readStock(NO_STOCK)]);
      await withDeadline(realClock, OPEN_MS, 'connections', reads).catch(() => undefined);
      await warmUpOrders(
        {
          kafka: createKafkaTarget(readKafkaAddress(config), `${name}-warm-up`, logger),
          topic: topics.warmUp,
          recordVersion: config.RECORD_VERSION,
          service: {
            counters: createLadderCounters(realClock, redis),
            readStock: orderPath.readStock,
            limitList: (work) => work(),
            onReturn: () => undefined,
          },
        },
        budget,
      );
      return 'done';
    },
  });
}
