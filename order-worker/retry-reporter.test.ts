import t from 'tap';
import { waitUntil } from '../ci/command/wait-until.ts';
import { auditStock } from '../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { encodeTestRecord } from '../ci/testing/orders/encode-test-record.ts';
import { startRecordAppender } from '../ci/testing/orders/record-appender.ts';
import { createTestServers } from '../ci/testing/servers/create-test-servers.ts';
import { startTestWorker } from '../ci/testing/servers/start-test-system.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../proto/messages/order-number.ts';
import { createMetrics } from '../proto/metrics/metrics.ts';
import { createLogger } from '../proto/process/create-logger.ts';
import { createRetryReporter } from './retry-reporter.ts';

/** A logger, with the levels and messages that it logged. */
function listen() {
  const logger = createLogger('test', 'silent');
  const lines: string[] = [];
  for (const level of ['warn', 'error'] as const) {
    logger[level] = ((_fields: object, message: string) => lines.push(`${level} ${message}`)) as never;
  }
  return { logger, lines, alarms: () => lines.filter((line) => line.startsWith('error ')).length };
}

t.test('a permanent error is an alarm after a few tries, and again each minute', async (t) => {
  const metrics = createMetrics('order-worker');
  const refused = Object.assign(new Error('no such table'), { errno: 1146, sqlState: '42S02' });
  const away = Object.assign(new Error('gone'), { code: 'ECONNRESET', fatal: true });
  const { logger, lines, alarms } = listen();
  const report = createRetryReporter(logger, metrics);
  for (let tries = 1; tries <= 70; tries += 1) report(1, tries, refused);
  t.match(lines.slice(0, 3), [/^warn/, /^warn/, 'error partition is blocked by a database error']);
  t.equal(alarms(), 2);
  for (let tries = 1; tries <= 20; tries += 1) report(1, tries, away);
  t.equal(alarms(), 3);
  const values = await metrics.read('flashsale_decide_retries_total');
  t.same(
    values.map(({ labels, value }) => [labels.kind, value]),
    [
      ['statement', 70],
      ['passing', 20],
    ],
  );
});

t.test('a worker without its rights raises an alarm, and continues when it has them again', async (t) => {
  const servers = await createTestServers(t);
  const { mysql, topics } = servers;
  const append = await startRecordAppender(t, topics);
  const user = `'${new URL(servers.mysqlUrl).username}'@'%'`;
  const { logger, alarms } = listen();
  await startTestWorker(t, servers, {}, logger);
  await mysql.raw(`REVOKE INSERT ON stock_order FROM ${user}`);
  const sid = await createTestStock(mysql);
  const value = encodeTestRecord({ orderNo: mintOrderNumber('key', sid, 'ann'), sid, buyer: 'ann' });
  await append(partitionOf(sid), [{ key: String(sid), value }]);
  const limits = { limitMs: 30_000 };
  const alarmed = () => {
    if (alarms() === 0) throw new Error('no alarm yet');
  };
  await waitUntil('the alarm', alarmed, limits);
  await mysql.raw(`GRANT INSERT ON stock_order TO ${user}`);
  const decided = async () => {
    if ((await auditStock(mysql, sid)).sale !== 1) throw new Error('not decided yet');
  };
  await waitUntil('the order to be decided', decided, limits);
});
