import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { updateStock } from '../stocks/update-stock.ts';
import { changeOnce, type IdempotentRequest } from './change-once.ts';
import { connectMysql } from './connect-mysql.ts';
import { createDatabase, type Database } from './database.ts';

const { url, mysql, database } = await createTestDatabase(t);
const digest = 'd'.repeat(43);
const request = (key: string, more: Partial<IdempotentRequest> = {}) => ({ caller: 'boss', key, digest, ...more });

const addUnits = (sid: number, addUnits: number, wanted: IdempotentRequest | null, on: Database = database) =>
  changeOnce(on, wanted, (once) =>
    updateStock(once, { sid, change: { addUnits }, maxUnits: 1000, isUniqueReference: false }),
  );

async function countOf(sid: number): Promise<number> {
  const [[row]] = await mysql.raw('SELECT count FROM stock WHERE id = ?', [sid]);
  return row.count;
}

t.test('a repeated request changes nothing and gets the first answer', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const first = await addUnits(sid, 10, request('a'));
  await addUnits(sid, 1, null);
  t.same(await addUnits(sid, 10, request('a')), first);
  t.equal(await countOf(sid), 16);
  t.match(await addUnits(sid, 10, request('b')), { stock: { count: 26 } }, 'another key is another change');
  t.match(
    await addUnits(sid, 10, request('a', { caller: 'eve' })),
    { stock: { count: 36 } },
    'and so is another caller',
  );
});

t.test('requests with one key at the same time make one change', async (t) => {
  const sid = await createTestStock(mysql, { count: 0 });
  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => addUnits(sid, 1, request('many'))));
  t.equal(await countOf(sid), 1);
  const made = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
  t.ok(made.length >= 1);
  for (const answer of made) t.same(answer, made[0]);
  t.match(await addUnits(sid, 1, request('many')), { outcome: 'UPDATED', stock: { count: 1 } });
});

t.test('the key of another request is refused', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  await addUnits(sid, 1, request('taken'));
  const other = addUnits(sid, 1, request('taken', { digest: 'e'.repeat(43) }));
  await t.rejects(other, { name: 'IdempotencyError', reason: 'KEY_REUSED' });
  t.equal(await countOf(sid), 6);
});

t.test('a refused change keeps no answer', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  t.same(await addUnits(sid, -2, request('refused')), { outcome: 'UNITS_SOLD', left: 1 });
  await addUnits(sid, 5, null);
  t.match(await addUnits(sid, -2, request('refused')), { outcome: 'UPDATED', stock: { count: 4 } });
});

t.test('a change that fails leaves neither change nor answer', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  const record = () => Promise.reject(new Error('no row in the action log'));
  const failing = changeOnce(database, request('failed'), (once) =>
    updateStock(once, { sid, change: { addUnits: 7 }, maxUnits: 1000, isUniqueReference: false, record }),
  );
  await t.rejects(failing, { message: /action log/ });
  t.equal(await countOf(sid), 1);
  t.match(await addUnits(sid, 7, request('failed')), { stock: { count: 8 } });
});

t.test('a request that meets its first one unfinished is told so', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  // Its connections wait a second for a lock.
  const pool = connectMysql({ url, maxConnections: 2, acquireDeadlineMs: 10_000, statementMs: 1000 });
  t.teardown(() => pool.destroy());
  const impatient = createDatabase({ mysql: pool, statementMs: 5000 });
  const first = Promise.withResolvers<void>();
  const claimed = Promise.withResolvers<void>();
  const slow = changeOnce(database, request('slow'), (once) =>
    once.transaction(async () => {
      claimed.resolve();
      await first.promise;
      return 'done';
    }),
  );
  await claimed.promise;
  const second = changeOnce(impatient, request('slow'), (once) =>
    once.transaction(async (session) => session.change('UPDATE stock SET count = 99 WHERE id = ?', [sid])),
  );
  await t.rejects(second, { name: 'IdempotencyError', reason: 'KEY_IN_USE' });
  first.resolve();
  t.equal(await slow, 'done');
  t.equal(await countOf(sid), 1);
});
