import path from 'node:path';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { createKafkaTarget, startLagReader } from '../../../proto/kafka/kafka.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { connectAppender } from '../../local/servers/connect-appender.ts';
import { auditBench, type BenchAudit } from '../bench/audit-bench.ts';
import type { BenchSystem } from '../bench/bench-system.ts';
import { drainLog } from '../bench/drain-log.ts';
import { describeEnvironment } from '../describe-environment.ts';
import { type DrawFigure, runDraw } from './run-draw.ts';
import { runSpreads } from './run-spreads.ts';
import { runWorkers, type WorkerFigure } from './run-workers.ts';
import type { ScalingContext, ScalingOptions } from './scaling-context.ts';
import { createScalingStocks } from './scaling-stocks.ts';
import { type SpreadFigure, summarizeSpreads } from './summarize-spreads.ts';

export type ScalingResult = {
  environment: Record<string, unknown>;
  worker: WorkerFigure[];
  spreads: SpreadFigure[];
  /** Null: not measured. */
  draw: DrawFigure | null;
  audit: BenchAudit;
};

const STATEMENT_MS = 30_000;
const PUBLISH_LIMIT_MS = 120_000;

/** The whole measurement on a running system with one process of each kind. */
export async function runScaling(
  system: BenchSystem,
  dir: string,
  options: ScalingOptions,
  print: (line: string) => void,
): Promise<ScalingResult> {
  const logger = createLogger('scaling', 'silent');
  const mysql = connectMysql({ url: system.mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const topics = topicNames(system.topicPrefix);
  const kafka = createKafkaTarget(system, 'scaling', logger);
  const lag = startLagReader(kafka, topics.orders, topics.workerGroup);
  const log = await connectAppender(kafka);
  const checkPublished = async () => {
    const sql = 'SELECT 1 FROM order_event WHERE published_at IS NULL LIMIT 1';
    const rows = await database.session((session) => session.rows(sql));
    if (rows.length > 0) throw new Error('some are not published');
  };
  const isPart = (part: ScalingOptions['part']) => options.part === part || options.part === 'all';
  const context: ScalingContext = {
    system,
    database,
    log,
    options,
    print,
    stocks: createScalingStocks(database),
    topic: topics.orders,
    tokensFile: path.join(dir, 'tokens'),
    // Publishing the events is part of the cost and must not overlap with the next measurement.
    drain: async () => {
      await drainLog(lag);
      await waitUntil('the events to be published', checkPublished, { limitMs: PUBLISH_LIMIT_MS });
    },
  };
  try {
    return {
      environment: await describeEnvironment(mysql),
      worker: isPart('worker') ? await runWorkers(context) : [],
      spreads: isPart('spreads') ? summarizeSpreads(await runSpreads(context)) : [],
      draw: options.part === 'draw' ? await runDraw(context) : null,
      audit: await auditBench(system, print),
    };
  } finally {
    await Promise.allSettled([lag.close(), log.close(), mysql.destroy()]);
  }
}
