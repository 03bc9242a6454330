import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { quicknetBeacon } from '../../../order-worker/draws/fetch-beacon.ts';
import { startDrawJobs } from '../../../order-worker/draws/start-draw-jobs.ts';
import { createMetrics } from '../../../proto/metrics/metrics.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { silentLogger } from '../silent-logger.ts';
import { TEST_DRAW_KEY } from './create-test-draw.ts';

// Draws what is due in the database of its argument, until it is killed, with pages of few entries.

const mysql = connectMysql({ url: process.argv[2] ?? '', maxConnections: 2, acquireDeadlineMs: 5000 });
startDrawJobs({
  database: createDatabase({ mysql, statementMs: 5000 }),
  drawKey: TEST_DRAW_KEY,
  beacon: quicknetBeacon,
  fetchBeacon: () => Promise.reject(new Error('no beacon in this test')),
  keepDays: 30,
  page: 5,
  claimSeconds: 3,
  metrics: createMetrics('order-worker', { ofProcess: false }),
  logger: silentLogger,
  clock: realClock,
});
