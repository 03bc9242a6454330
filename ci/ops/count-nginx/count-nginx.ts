import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import { startLivePublisher } from '../../../db/redis/start-live-publisher.ts';
import type { LiveReport } from '../../../proto/messages/live-report.ts';
import { type RunningProcess, runProcess } from '../../../proto/process/run-process.ts';
import { type CountConfig, readConfig } from './config.ts';
import { countLines } from './count-lines.ts';
import { followFile } from './follow-file.ts';
import { readNginxUsage } from './read-nginx-usage.ts';

// nginx cannot publish its counts. This process follows its log of orders and publishes them once a second, like all processes.

const KEEP_BYTES = 64 * 1024 * 1024;

async function startCounting(config: CountConfig, name: string, logger: Logger): Promise<RunningProcess> {
  const redis = connectRedis(config, logger);
  const startId = randomUUID();
  const file = followFile(config.ORDERS_LOG, KEEP_BYTES);
  const { counts, take } = countLines();
  const read = async (): Promise<LiveReport> => {
    file.look(take);
    const { cpuMs, memoryMb } = readNginxUsage(config.NGINX_PID);
    const report = { name, kind: 'nginx' as const, startId, memoryMb, eventLoopMs: null };
    return { ...report, counts: { cpuMs, ...counts }, levels: {} };
  };
  const publisher = startLivePublisher(redis, read);
  return {
    async close() {
      publisher.close();
      file.close();
      redis.destroy();
    },
  };
}

await runProcess('nginx', readConfig, startCounting);
