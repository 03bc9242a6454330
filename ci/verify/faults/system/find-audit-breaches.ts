import { auditSystem } from '../../../ops/audit/audit-system.ts';
import type { FaultSystem } from './fault-system.ts';

const PENDING_MAX_MS = 30_000;

/** What the audit of a stock, and of the log, finds. One per line. */
export async function findAuditBreaches(system: FaultSystem, sid: number): Promise<string[]> {
  const { mysqlUrl, kafkaBrokers, kafkaSecurity, config, secrets } = system;
  const topicPrefix = config.TOPIC_PREFIX;
  const orderRecordKey = secrets.ORDER_RECORD_KEY;
  const { stocks, log } = await auditSystem(
    { mysqlUrl, kafkaBrokers, kafkaSecurity, topicPrefix, orderRecordKey, pendingMaxMs: PENDING_MAX_MS },
    sid,
  );
  const failed = [...stocks.flatMap(({ checks }) => checks), ...log.checks].filter(({ ok }) => !ok);
  return failed.map(({ name, detail }) => `audit: ${name}: ${detail}`);
}
