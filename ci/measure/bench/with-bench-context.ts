import path from 'node:path';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import { createKafkaTarget, startLagReader } from '../../../proto/kafka/kafka.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { describeEnvironment } from '../describe-environment.ts';
import type { BenchSystem } from './bench-system.ts';
import { createBenchStocks } from './create-bench-stocks.ts';
import { drainLog } from './drain-log.ts';
import { writeTokens } from './generators/write-tokens.ts';
import type { BenchContext } from './run-rounds.ts';

type Options = {
  dir: string;
  /** Each buys once. */
  buyers: number;
  print: (line: string) => void;
};

const REDIS_LIMIT_MS = 5000;

/** Creates the stocks and the tokens of a measurement, calls `work`, and closes its connections to the servers. */
export async function withBenchContext<T>(
  system: BenchSystem,
  { dir, buyers, print }: Options,
  work: (context: BenchContext, environment: Record<string, unknown>) => Promise<T>,
): Promise<T> {
  const logger = createLogger('bench', 'silent');
  const mysql = connectMysql({ url: system.mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const redis = connectRedis({ REDIS_URL: system.redisAdminUrl, REDIS_PREFIX: system.redisPrefix }, logger);
  const topics = topicNames(system.topicPrefix);
  const lag = startLagReader(createKafkaTarget(system, 'bench', logger), topics.orders, topics.workerGroup);
  try {
    await waitUntil('Redis', async () => void (await redis.ping()), { limitMs: REDIS_LIMIT_MS });
    const database = createDatabase({ mysql, statementMs: 5000 });
    const stocks = await createBenchStocks(database, redis, system.secrets.DRAW_KEY);
    const tokens = await writeTokens(path.join(dir, 'tokens'), system.secrets.JWT_SECRET, buyers);
    print(`· wrote ${tokens.lines} tokens`);
    const context = { system, stocks, tokens, drain: () => drainLog(lag), print };
    return await work(context, await describeEnvironment(mysql));
  } finally {
    redis.destroy();
    await Promise.allSettled([lag.close(), mysql.destroy()]);
  }
}
