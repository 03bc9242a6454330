import { AUDIT_STATEMENT_MS, type AuditCheck, checked } from '../../../db/audit/audit-rules.ts';
import { auditStock } from '../../../db/audit/audit-stock.ts';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import type { StockKind } from '../../../db/stocks/stock-table.ts';
import { createKafkaTarget } from '../../../proto/kafka/kafka.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import type { KafkaAddress } from '../../../proto/settings/kafka-security.ts';
import { parseSecretKeys } from '../../../proto/settings/secret-keys.ts';
import { auditLog } from './audit-log.ts';
import { compareEvents } from './compare-events.ts';
import { readReplayStocks } from './read-replay-stocks.ts';

export type SystemAddresses = {
  mysqlUrl: string;
  topicPrefix: string;
  /** ORDER_RECORD_KEY: secrets, separated by commas. */
  orderRecordKey: string;
  /** Whether records of releases that did not sign them are accepted. */
  acceptsUnsigned?: boolean;
  /** Longest wait for pending orders. */
  pendingMaxMs?: number;
} & KafkaAddress;
export type AuditedStockResult = { sid: number; name: string; kind: StockKind; ok: boolean; checks: AuditCheck[] };
export type SystemAudit = {
  ok: boolean;
  stocks: AuditedStockResult[];
  log: { ok: boolean; records: number; checks: AuditCheck[] };
  /** Stocks that were skipped because they are oversold on purpose. */
  wrongOnPurpose: number;
};

/** The name that the ladder gives to the stocks of the strategy `wrong`. */
const WRONG_STRATEGY = /^ladder: wrong$/;

/**
 * Audits every stock, or the stock `sid`: its rows, and the log against them. Stocks of the strategy `wrong` are skipped unless
 * named by `sid`. Throws when there is no such stock.
 */
export async function auditSystem(addresses: SystemAddresses, sid?: number): Promise<SystemAudit> {
  const { mysqlUrl, orderRecordKey, acceptsUnsigned = false, ...rest } = addresses;
  const verification = { keys: parseSecretKeys(orderRecordKey), acceptsUnsigned };
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 1, acquireDeadlineMs: 10_000 });
  const database = createDatabase({ mysql, statementMs: AUDIT_STATEMENT_MS });
  const logger = createLogger('audit', 'silent');
  const kafka = createKafkaTarget(addresses, 'audit', logger);
  try {
    const found = await database.session((session) => readReplayStocks(session, sid));
    if (sid !== undefined && found.length === 0) throw new Error(`there is no stock ${sid}`);
    const wanted = found.filter(({ kind, name }) => sid !== undefined || kind === 'sale' || !WRONG_STRATEGY.test(name));
    const log = await auditLog({ database, kafka, verification, ...rest }, sid);
    // After the log: what it has decided is published by then.
    const sids = wanted.filter(({ kind }) => kind === 'sale').map((stock) => stock.sid);
    const events = await compareEvents({ database, kafka, names: topicNames(rest.topicPrefix), sids });
    const stocks: AuditedStockResult[] = [];
    for (const { sid, name, kind } of wanted) {
      const audit = await database.session((session) => auditStock(session, sid));
      const replay = log.replays.get(sid);
      const byRows = addChecks(audit?.checks ?? [], events.get(sid) ?? []);
      const checks = [...byRows, ...(replay ? [replay] : [])];
      stocks.push({ sid, name, kind, ok: checks.every(({ ok }) => ok), checks });
    }
    const isLogFine = log.checks.every(({ ok }) => ok);
    return {
      ok: isLogFine && stocks.every(({ ok }) => ok),
      stocks,
      log: { ok: isLogFine, records: log.records, checks: log.checks },
      wrongOnPurpose: found.length - wanted.length,
    };
  } finally {
    await mysql.destroy();
  }
}

/** A check of the rows and a check of the event topic with the same name are one. */
function addChecks(byRows: AuditCheck[], byEvents: AuditCheck[]): AuditCheck[] {
  return byRows.map((check) => {
    const other = byEvents.find(({ name }) => name === check.name);
    return other ? checked(check.name, check.ok && other.ok, `${check.detail}; ${other.detail}`) : check;
  });
}
