import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase, type Database } from '../../../db/mysql/database.ts';
import { createKafkaTarget, startLagReader } from '../../../proto/kafka/kafka.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { auditBench, type BenchAudit } from '../bench/audit-bench.ts';
import { type BenchSystem, startBenchSystem } from '../bench/bench-system.ts';
import { drainLog } from '../bench/drain-log.ts';
import type { TokenFile } from '../bench/generators/write-tokens.ts';
import { describeEnvironment } from '../describe-environment.ts';
import { type ClickProcess, startClickProcess } from './clicks/start-click-process.ts';

export type ClickContext = {
  system: BenchSystem;
  database: Database;
  clicks: ClickProcess;
  drain: () => Promise<void>;
  print: (line: string) => void;
};

type Options = Parameters<typeof startBenchSystem>[0];

/** Starts a system and a process that clicks, calls `work`, audits all stocks, and stops both. */
export async function withClickContext<T>(
  options: Options,
  work: (context: ClickContext) => Promise<T>,
): Promise<{ result: T; environment: Record<string, unknown>; audit: BenchAudit }> {
  const { print } = options;
  const system = await startBenchSystem(options);
  const mysql = connectMysql({ url: system.mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const database = createDatabase({ mysql, statementMs: 5000 });
  const topics = topicNames(system.topicPrefix);
  const kafka = createKafkaTarget(system, 'bench', createLogger('bench', 'silent'));
  const clicks = startClickProcess();
  // A new reader for each wait: the broker is restarted in between.
  const drain = async () => {
    const lag = startLagReader(kafka, topics.orders, topics.workerGroup);
    await drainLog(lag).finally(() => lag.close());
  };
  try {
    const result = await work({ system, database, clicks, drain, print });
    return { result, environment: await describeEnvironment(mysql), audit: await auditBench(system, print) };
  } finally {
    clicks.close();
    await mysql.destroy();
    await system.supervisor.stop();
  }
}

const WARM_BURSTS = 3;
const WARM_CLICKS = 5000;

/** Warms the code of the process that clicks, with answers of nginx alone. */
export async function warmClicks({ system, clicks }: ClickContext, tokens: TokenFile): Promise<void> {
  const count = Math.min(WARM_CLICKS, tokens.lines);
  const load = { clicks: count, spreadMs: 1000, deadlineMs: 5000, maxConnections: WARM_CLICKS };
  const port = Number(new URL(system.url).port);
  for (let burst = 0; burst < WARM_BURSTS; burst += 1) {
    await clicks.send({ ...load, port, method: 'GET', path: '/.ready', tokens: { ...tokens, firstLine: 0 } });
  }
}
