import { AUDIT_STATEMENT_MS } from '../../db/audit/audit-rules.ts';
import { connectMysql } from '../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../db/mysql/database.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';

export type DatabaseSettings = {
  MYSQL_URL: string;
  /** Empty: the audit reads MYSQL_URL. */
  AUDIT_MYSQL_URL: string;
  MYSQL_POOL: number;
  MYSQL_STATEMENT_MS: number;
};

/** For the jobs of payments, so that they take none from the decisions. */
const PAYMENT_CONNECTIONS = 2;
/** For webhooks, for the same reason. */
const WEBHOOK_CONNECTIONS = 2;
/** For draws, whose statements of thousands of entries take longer than those of orders. */
const DRAW_CONNECTIONS = 2;
/** For the audit, which reads whole sales. */
const AUDIT_CONNECTIONS = 1;
const DRAW_STATEMENT_MS = 10_000;

/** The databases of a worker, each on a pool of its own, and all pools. `mysql`: the pool of the decisions. */
export function connectDatabases(config: DatabaseSettings, { statement: onStatement }: Pick<Metrics, 'statement'>) {
  const statementMs = config.MYSQL_STATEMENT_MS;
  const connect = (maxConnections: number, deadlineMs = statementMs, url = config.MYSQL_URL) => {
    const mysql = connectMysql({
      url,
      maxConnections,
      acquireDeadlineMs: deadlineMs,
      // A worker that freezes inside a transaction loses its row locks after this time.
      idleSeconds: 3,
      statementMs: deadlineMs,
    });
    return { mysql, database: createDatabase({ mysql, statementMs: deadlineMs, onStatement }) };
  };
  const orders = connect(config.MYSQL_POOL);
  const payments = connect(PAYMENT_CONNECTIONS);
  const webhooks = connect(WEBHOOK_CONNECTIONS);
  const draws = connect(DRAW_CONNECTIONS, DRAW_STATEMENT_MS);
  const audit = connect(AUDIT_CONNECTIONS, AUDIT_STATEMENT_MS, config.AUDIT_MYSQL_URL || config.MYSQL_URL);
  return {
    mysql: orders.mysql,
    pools: [orders, payments, webhooks, draws, audit].map(({ mysql }) => mysql),
    database: orders.database,
    paymentDatabase: payments.database,
    webhookDatabase: webhooks.database,
    drawDatabase: draws.database,
    auditDatabase: audit.database,
  };
}
