import { credentials, status } from '@grpc/grpc-js';
import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { waitForStatements } from '../../ci/testing/wait-for-statements.ts';
import { createDatabase } from '../../db/mysql/database.ts';
import { StockService } from '../../proto/messages/load-protos.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
// Long, so that the statement does not end by its own deadline.
const port = await startTestProvider(t, servers, { MYSQL_STATEMENT_MS: '20000' });
const client = new StockService(`127.0.0.1:${port}`, credentials.createInsecure());
t.teardown(() => client.close());

const STATEMENT = '%stock%';

async function waitForNone(): Promise<void> {
  await waitUntil(
    'the statement to end',
    async () => {
      const [[row]] = await mysql.raw(
        `SELECT COUNT(*) AS n FROM information_schema.processlist
         WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command = 'Query' AND info LIKE ?`,
        [STATEMENT],
      );
      if (row.n > 0) throw new Error(`${row.n} run`);
    },
    { limitMs: 5000 },
  );
}

/** Makes a call whose statement waits for a row, and ends it by `end`. */
async function endCall(deadlineMs: number, end: (cancel: () => void) => void): Promise<status | undefined> {
  const sid = await createTestStock(mysql);
  let code: Promise<status | undefined> = Promise.resolve(undefined);
  await createDatabase({ mysql, statementMs: 20_000 }).transaction(async (transaction) => {
    await transaction.rows('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);
    const call = new Promise<status | undefined>((resolve) => {
      const made = client.UpdateStock({ sid, name: 'Given up' }, { deadline: Date.now() + deadlineMs }, (error) =>
        resolve(error?.code),
      );
      code = waitForStatements(mysql, STATEMENT, 1).then(() => {
        end(() => made.cancel());
        return call;
      });
    });
    await code;
    // The row is still locked, so the statement was ended.
    await waitForNone();
    transaction.rollBack(null);
  });
  const [[row]] = await mysql.raw('SELECT name FROM stock WHERE id = ?', [sid]);
  t.not(row.name, 'Given up');
  return code;
}

t.test('a call that is cancelled ends its statement', async (t) => {
  t.equal(await endCall(20_000, (cancel) => cancel()), status.CANCELLED);
});

t.test('a call whose deadline passes ends its statement', async (t) => {
  t.equal(await endCall(1500, () => undefined), status.DEADLINE_EXCEEDED);
});
