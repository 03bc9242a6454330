import { status } from '@grpc/grpc-js';
import t, { type Test } from 'tap';
import { ulid } from 'ulid';
import { waitUntil } from '../../../ci/command/wait-until.ts';
import { callApi } from '../../../ci/testing/clients/call-api.ts';
import { connectTestClient } from '../../../ci/testing/clients/connect-test-client.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';
import { createPool } from '../../../ci/testing/servers/test-database.ts';
import { silentLogger } from '../../../ci/testing/silent-logger.ts';
import { waitForStatements } from '../../../ci/testing/wait-for-statements.ts';
import { createAuditJobs, MAX_AUDITS_RUNNING } from '../../../db/audit/audit-jobs.ts';
import { AUDIT_CHECKS } from '../../../db/audit/audit-stock.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { GivenUpError, runForCaller } from '../../../proto/process/caller-scope.ts';
import { createAuditCalls } from './audit-calls.ts';
import { runAudit } from './run-audit.ts';
import type { StockServiceOptions } from './stock-service-options.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
// Two providers: each can read and cancel the jobs of the other.
const ports = await Promise.all([startTestProvider(t, servers), startTestProvider(t, servers)]);
const client = connectTestClient(t, ports[0] as number);
const other = connectTestClient(t, ports[1] as number);
const api = `${await startTestConsumer(t, servers, ports)}/api/v1`;
const admin = { as: 'admin' };

const audit = (sid: number, method: string) => callApi(api, `/admin/stocks/${sid}/audit`, { ...admin, method });
const untilItIs = (sid: number, state: string) =>
  waitUntil(
    `the audit to be ${state}`,
    async () => {
      const job = await other.getAudit({ sid });
      if (job.state !== state) throw new Error(job.state);
    },
    { limitMs: 15_000 },
  );

const untilNoStatement = () =>
  waitUntil(
    'the statement to be gone',
    async () => {
      const [[{ n }]] = await mysql.raw(
        `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE '%FROM payment%'
         AND id <> CONNECTION_ID()`,
      );
      if (Number(n) > 0) throw new Error(`${n} run`);
    },
    { limitMs: 5000 },
  );

/** Locks a table that audits read, so that they wait until it is released. */
async function holdAudits(t: Test): Promise<() => Promise<void>> {
  const connection = await mysql.client.acquireConnection();
  const run = (sql: string) => mysql.raw(sql).connection(connection);
  await run('LOCK TABLES payment WRITE');
  let held = true;
  const release = async () => {
    if (!held) return;
    held = false;
    await run('UNLOCK TABLES');
    await mysql.client.releaseConnection(connection);
  };
  t.teardown(release);
  return release;
}

t.test('an audit reports its progress and its result', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  await sellUnits(mysql, sid, ['ann', 'bob', 'cid']);
  t.match(await audit(sid, 'GET'), { status: 404, body: { code: 'audit_not_found' } });
  t.match(await audit(sid, 'DELETE'), { status: 404, body: { code: 'audit_not_found' } });
  const release = await holdAudits(t);
  t.match(await audit(sid, 'POST'), {
    status: 202,
    body: { sid, state: 'running', ok: null, checks: [], endedAt: null },
  });
  await waitForStatements(mysql, '%FROM payment%', 1);
  await waitUntil(
    'progress',
    async () => {
      const { body } = await audit(sid, 'GET');
      if (Number(body.checksDone) < 2) throw new Error(`${body.checksDone}`);
    },
    { limitMs: 10_000 },
  );
  // It takes longer than the deadline of a call. A second start returns it.
  const again = await audit(sid, 'POST');
  t.match(again, { status: 202, body: { state: 'running' } });
  await release();
  await untilItIs(sid, 'AUDIT_DONE');
  const { body } = await audit(sid, 'GET');
  t.match(body, { state: 'done', ok: true, error: null, startedAt: again.body.startedAt, endedAt: String });
  t.match((body.checks as unknown[])[0], { name: 'not_oversold', result: 'holds' });
  t.equal(body.checksDone, body.checksTotal);
  t.equal(body.checksTotal, (body.checks as unknown[]).length);
  t.match(await audit(sid, 'DELETE'), { status: 200, body: { state: 'done' } }, 'an ended audit cannot be cancelled');

  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  await audit(sid, 'POST');
  await untilItIs(sid, 'AUDIT_DONE');
  t.match((await audit(sid, 'GET')).body, { state: 'done', ok: false });
});

t.test('cancelling an audit ends its statement', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const release = await holdAudits(t);
  await audit(sid, 'POST');
  await waitForStatements(mysql, '%FROM payment%', 1);
  t.match(await audit(sid, 'DELETE'), { status: 200, body: { state: 'cancelled', ok: null } });
  await untilNoStatement();
  await release();
  t.match((await audit(sid, 'GET')).body, { state: 'cancelled' });
  await audit(sid, 'POST');
  await untilItIs(sid, 'AUDIT_DONE');
});

t.test('cancelling an audit needs no second connection', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  await holdAudits(t);
  const jobs = createAuditJobs(database);
  const runId = ulid();
  t.match(await jobs.start(sid, runId, AUDIT_CHECKS), { outcome: 'STARTED' });
  const pool = createPool(t, servers.mysqlUrl, 1);
  const signal = new AbortController().signal;
  const run = runAudit({
    database: createDatabase({ mysql: pool, statementMs: 5000 }),
    jobs,
    logger: silentLogger,
    sid,
    runId,
    signal,
  });
  await waitForStatements(mysql, '%FROM payment%', 1);
  await jobs.cancel(sid);
  await untilNoStatement();
  await run;
  t.match(await jobs.read(sid), { state: 'cancelled' });
});

t.test('an audit continues when the call that started it is cancelled', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const release = await holdAudits(t);
  const closing = new AbortController().signal;
  const parts = { database, logger: silentLogger, closing, answer: (work: unknown) => work };
  const calls: unknown = createAuditCalls(parts as unknown as StockServiceOptions);
  const { StartAudit } = calls as { StartAudit(request: { sid: number; actor: null }): Promise<unknown> };
  const caller = new AbortController();
  await runForCaller(caller.signal, () => StartAudit({ sid, actor: null }));
  await waitForStatements(mysql, '%FROM payment%', 1);
  caller.abort(new GivenUpError('the caller went away'));
  await release();
  await untilItIs(sid, 'AUDIT_DONE');
});

t.test('the number of concurrent audits of all processes is limited', async (t) => {
  const sids = await Promise.all(Array.from({ length: 6 }, () => createTestStock(mysql, { count: 2 })));
  const release = await holdAudits(t);
  const starts = await Promise.allSettled(sids.map((sid, index) => (index % 2 ? client : other).startAudit({ sid })));
  const refused = starts.filter((outcome) => outcome.status === 'rejected');
  t.equal(starts.length - refused.length, MAX_AUDITS_RUNNING);
  for (const { reason } of refused) t.equal(reason.code, status.RESOURCE_EXHAUSTED);
  const late = await audit(sids.find((_, index) => starts[index]?.status === 'rejected') as number, 'POST');
  t.match(late, { status: 503, body: { code: 'busy' } });
  await release();
  for (const [index, sid] of sids.entries()) {
    if (starts[index]?.status === 'fulfilled') await untilItIs(sid, 'AUDIT_DONE');
  }
});

t.test('an audit whose process died has failed, and can be restarted', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  await audit(sid, 'POST');
  await untilItIs(sid, 'AUDIT_DONE');
  await mysql.raw(
    `UPDATE audit_job SET state = 'running', run_id = 'gone', ended_at = NULL, seen_at = NOW(3) - INTERVAL 1 MINUTE WHERE sid = ?`,
    [sid],
  );
  t.match((await audit(sid, 'GET')).body, { state: 'failed', ok: null, error: /process ended/ });
  await audit(sid, 'POST');
  await untilItIs(sid, 'AUDIT_DONE');
});

t.test('only the last audits are kept', async (t) => {
  const first = await createTestStock(mysql, { count: 1 });
  for (let n = 0; n <= 20; n += 1) {
    const sid = n === 0 ? first : await createTestStock(mysql, { count: 1 });
    await client.startAudit({ sid });
    await untilItIs(sid, 'AUDIT_DONE');
  }
  t.equal((await audit(first, 'GET')).status, 404);
});

t.test('an unknown stock', async (t) => {
  t.match(await audit(888_888, 'POST'), { status: 404, body: { code: 'stock_not_found' } });
});
