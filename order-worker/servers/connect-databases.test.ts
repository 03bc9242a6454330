import t from 'tap';
import { createTestDraw } from '../../ci/testing/draws/create-test-draw.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { lockDraw } from '../../db/draws/draw-table.ts';
import { connectDatabases } from './connect-databases.ts';

const { url, mysql } = await createTestDatabase(t);
const config = { MYSQL_URL: url, AUDIT_MYSQL_URL: '', MYSQL_POOL: 1, MYSQL_STATEMENT_MS: 2000 };
const { pools, drawDatabase } = connectDatabases(config, { statement: () => undefined });
t.teardown(() => Promise.all(pools.map((pool) => pool.destroy())));

t.test('a worker that freezes in a transaction keeps its locks for 3 s, on every pool', async (t) => {
  for (const pool of pools) {
    const [[row]] = await pool.raw('SELECT @@SESSION.wait_timeout AS seconds');
    t.equal(row.seconds, 3);
  }
});

t.test('a worker that freezes with the lock of a draw holds up nothing for long', async (t) => {
  const key = { sid: await createTestDraw(mysql), attempt: 1 };
  const locked = Promise.withResolvers<void>();
  const thaw = Promise.withResolvers<void>();
  t.teardown(() => thaw.resolve());
  const frozen = drawDatabase.transaction(async (transaction) => {
    await lockDraw(transaction, key, 'share');
    locked.resolve();
    await thaw.promise;
    await lockDraw(transaction, key, 'share');
  });
  await locked.promise;
  const startedMs = performance.now();
  await drawDatabase.transaction((transaction) => lockDraw(transaction, key, 'update'));
  const tookMs = performance.now() - startedMs;
  t.ok(tookMs > 1000 && tookMs < 8000, `${Math.round(tookMs)} ms`);
  thaw.resolve();
  await t.rejects(frozen, 'and it can commit nothing afterwards');
});
