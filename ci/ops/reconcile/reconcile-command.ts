import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { retryRefusedRefunds } from '../../../db/payments/refund-table.ts';
import { createGateway } from '../../../proto/payments/configured/create-gateway.ts';
import { createCommand } from '../../command/create-command.ts';
import { readCount } from '../../command/read-count.ts';
import { showProgress } from '../../command/show-progress.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { findConfig } from './config.ts';
import { type ReconciledPayment, reconcilePayments } from './reconcile-payments.ts';

const usage = `Usage: flash-sale reconcile [options]

Asks the payment gateway about every payment in doubt and settles it: open sessions, refunds that are due or refused, and payments of the last
30 days that were never read at the gateway. May run during a sale, and beside the order-workers, which do the same as each payment becomes due.
Uses the settings of an order-worker, also from .env: MYSQL_URL (or the system of npm start) and those of GATEWAY.
Exit code 0: nothing is left to a person; 1: something is, or the command failed or stopped before the end; 2: wrong input.

  --retry-refunds  also make refused refunds due again, after what was wrong is mended; the order-workers send them
  --limit N        payments of each kind (default 1000, at most 100000)
  --seconds N      stop after this time (default 600)
  --json FILE      also write the result to FILE; - is standard output: {gateway, payments, complete, retried}
  --help           print this

Examples:
  npx flash-sale reconcile
  npx flash-sale reconcile --retry-refunds --json -`;

const STATEMENT_MS = 30_000;
const CONNECTIONS = 10;

export const reconcileCommand = createCommand({
  usage,
  options: {
    'retry-refunds': { type: 'boolean', default: false },
    limit: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '600' },
    json: { type: 'string' },
  },
  async run(values) {
    const limit = readCount('--limit', values.limit, 100_000);
    const seconds = readCount('--seconds', values.seconds, 86_400);
    const config = findConfig();
    const gateway = await createGateway(config);
    if (!gateway)
      throw new UsageError(
        'GATEWAY is off or not set: there is no gateway to ask (the sandbox of npm start keeps no payments)',
      );
    const mysql = connectMysql({ url: config.MYSQL_URL, maxConnections: CONNECTIONS, acquireDeadlineMs: 5000 });
    try {
      const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
      const retried = values['retry-refunds'] ? await database.session(retryRefusedRefunds) : 0;
      const untilMs = performance.now() + seconds * 1000;
      const result = await reconcilePayments({
        database,
        gateway,
        limit,
        untilMs,
        shouldStop: watchSignals(),
        onProgress: (asked, all) => showProgress(`${asked} of ${all} payments`),
      });
      showProgress();
      if (retried > 0) console.log(`Refused refunds that are due again: ${retried}`);
      print(result.payments, result.complete);
      writeJson(values.json, { gateway: gateway.name, ...result, retried });
      return result.complete && result.payments.every(({ problem }) => problem === null) ? 0 : 1;
    } finally {
      await mysql.destroy();
    }
  },
});

function watchSignals(): () => boolean {
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopped = true;
    });
  }
  return () => stopped;
}

function print(payments: ReconciledPayment[], complete: boolean): void {
  for (const { paymentId, orderNo, amountCents, currency, before, after, gateway, problem } of payments) {
    const change = before === after ? before : `${before} → ${after}`;
    const told = gateway ? `; the gateway: ${gateway}` : '';
    console.log(`${problem ? '✗' : '✓'} ${paymentId} of ${orderNo}, ${amountCents} ${currency}: ${change}${told}`);
    if (problem) console.log(`  ${problem}`);
  }
  const changed = payments.filter(({ before, after }) => before !== after).length;
  const left = payments.filter(({ problem }) => problem !== null).length;
  console.log(`Payments in doubt: ${payments.length}; changed: ${changed}; for a person: ${left}`);
  if (!complete) console.log('stopped before the end: run the command again for the rest');
}
