import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { waitForStatements } from '../../ci/testing/wait-for-statements.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { GivenUpError, runForCaller } from '../../proto/process/caller-scope.ts';
import { realClock } from '../../proto/process/clock.ts';
import { createDatabase, type Session } from './database.ts';

const { url, mysql, database } = await createTestDatabase(t);
const STATEMENT_MS = 200;

/** One connection. */
const createSmallDatabase = (t: Test) => createDatabase({ mysql: createPool(t, url, 1), statementMs: 10_000 });

async function connectionId(session: Session): Promise<number> {
  const [row] = await session.rows<{ id: number }>('SELECT CONNECTION_ID() AS id');
  return row?.id ?? 0;
}

t.test('a connection goes back to the pool after its work', async (t) => {
  const small = createSmallDatabase(t);
  const first = await small.session(connectionId);
  t.equal(await small.session(connectionId), first);
});

t.test('a time-out in a transaction commits nothing, not even with the next transaction of the pool', async (t) => {
  const small = createSmallDatabase(t);
  const sid = await createTestStock(mysql);
  let first = 0;
  const late = small.withStatementMs(STATEMENT_MS).transaction(async (session) => {
    first = await connectionId(session);
    await session.change('UPDATE stock SET sale = sale + 1 WHERE id = ?', [sid]);
    await session.rows('SELECT SLEEP(1)');
  });
  await t.rejects(late, { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
  // The next BEGIN on a returned connection would commit the open transaction.
  const second = await small.transaction(connectionId);
  t.not(second, first, 'the connection was destroyed');
  t.equal((await auditStock(mysql, sid)).sale, 0);
  const [rows] = await mysql.raw('SELECT sale FROM stock WHERE id = ? FOR UPDATE', [sid]);
  t.equal(rows[0].sale, 0, 'also after the server released the row');
});

/** Whether the statement still runs, as the server sees it. */
async function runs(id: number): Promise<boolean> {
  const [rows] = await mysql.raw('SELECT id FROM information_schema.processlist WHERE id = ?', [id]);
  return rows.length > 0;
}

const ended = (id: number) =>
  waitUntil(
    'the statement to end on the server',
    async () => {
      if (await runs(id)) throw new Error('it runs');
    },
    { limitMs: 10_000 },
  );

t.test('a statement that exceeds its deadline is ended on the server, and its locks are released', async (t) => {
  // One connection: ending the statement must not wait for it.
  const small = createSmallDatabase(t);
  const sid = await createTestStock(mysql);
  let id = 0;
  const late = small.withStatementMs(STATEMENT_MS).transaction(async (session) => {
    id = await connectionId(session);
    await session.change('UPDATE stock SET sale = sale + 1 WHERE id = ?', [sid]);
    await session.rows('SELECT SLEEP(60)');
  });
  await t.rejects(late, { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });
  await ended(id);
  await database.transaction((session) => session.rows('SELECT sale FROM stock WHERE id = ? FOR UPDATE NOWAIT', [sid]));
});

t.test('a cancelled caller ends its statement, and no further one is sent', async (t) => {
  const small = createSmallDatabase(t);
  const caller = new AbortController();
  let id = 0;
  const given = runForCaller(caller.signal, () =>
    small.withStatementMs(15_000).session(async (session) => {
      id = await connectionId(session);
      await session.rows('SELECT SLEEP(60) -- given up');
    }),
  );
  await waitForStatements(mysql, '%given up', 1);
  caller.abort(new GivenUpError('cancelled'));
  await t.rejects(given, { name: 'GivenUpError' });
  await ended(id);
  const late = runForCaller(caller.signal, () => small.session(() => Promise.resolve('worked')));
  await t.rejects(late, { name: 'GivenUpError' });
});

t.test('one cancelled caller does not end the work of several callers', async (t) => {
  const small = createSmallDatabase(t);
  const sleep = createBatcher<number, number>({
    clock: realClock,
    maxBatch: 10,
    maxInFlight: 1,
    maxWaiting: 10,
    async send(items) {
      await small.session((session) => session.rows('SELECT SLEEP(0.3) -- of all'));
      return items;
    },
  });
  const first = new AbortController();
  const both = [runForCaller(first.signal, () => sleep(1)), sleep(2)];
  await waitForStatements(mysql, '%of all', 1);
  first.abort(new GivenUpError('cancelled'));
  t.same(await Promise.all(both), [1, 2]);
});

t.test('an error in a transaction rolls it back', async (t) => {
  const sid = await createTestStock(mysql);
  const failing = database.transaction(async (session) => {
    await session.change('UPDATE stock SET sale = sale + 1 WHERE id = ?', [sid]);
    await session.change('INSERT INTO no_such_table VALUES (1)');
  });
  await t.rejects(failing, { code: 'ER_NO_SUCH_TABLE' });
  t.equal((await auditStock(mysql, sid)).sale, 0);
});

t.test('rollBack rolls back and keeps the connection', async (t) => {
  const small = createSmallDatabase(t);
  const sid = await createTestStock(mysql);
  let first = 0;
  const result = await small.transaction(async (session) => {
    first = await connectionId(session);
    await session.change('UPDATE stock SET sale = sale + 1 WHERE id = ?', [sid]);
    return session.rollBack('undone');
  });
  t.equal(result, 'undone');
  t.equal((await auditStock(mysql, sid)).sale, 0);
  t.equal(await small.session(connectionId), first);
});

t.test('a connection that the server closed does not fail the next call', async (t) => {
  const small = createSmallDatabase(t);
  const id = await small.session(connectionId);
  await mysql.raw(`KILL ${id}`);
  // One call may get the dead connection. The pool must have a live one after that.
  await small.session(connectionId).catch(() => undefined);
  t.not(await small.session(connectionId), id);
});

t.test('sessions use UTC and see what others commit', async (t) => {
  const sid = await createTestStock(mysql);
  await database.transaction(async (session) => {
    const [zone] = await session.rows<{ zone: string }>('SELECT @@session.time_zone AS zone');
    t.equal(zone?.zone, '+00:00');
    const read = async () =>
      (await session.rows<{ sale: number }>('SELECT sale FROM stock WHERE id = ?', [sid]))[0]?.sale;
    t.equal(await read(), 0);
    await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
    t.equal(await read(), 1, 'READ COMMITTED');
  });
});

t.test('a socket error after the pool closed the connection does not end the process', async (t) => {
  const pool = createPool(t, url, 1);
  const raw = await pool.client.acquireConnection();
  await pool.client.releaseConnection(raw);
  await pool.destroy();
  // The error that the kernel reports minutes after the database's host disappeared.
  raw.stream.emit('error', Object.assign(new Error('no route to host'), { code: 'EHOSTUNREACH' }));
  t.pass('still here');
});
