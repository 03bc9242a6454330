import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { createAuditedSale } from '../../ci/testing/orders/audited-sale.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { claimAuditRound } from '../../db/audit/audit-rounds.ts';
import { AUDIT_STATEMENT_MS } from '../../db/audit/audit-rules.ts';
import { createMetrics } from '../../proto/metrics/metrics.ts';
import { realClock } from '../../proto/process/clock.ts';
import { startAuditJob } from './start-audit-job.ts';

const { database, run, sell } = await createAuditedSale(t);
const limit = { limitMs: 60_000 };

/** A worker's job, and what it reports. */
function startTestJob(t: Test, everySeconds: number) {
  const metrics = createMetrics('order-worker', { ofProcess: false });
  const auditDatabase = database.withStatementMs(AUDIT_STATEMENT_MS);
  const options = { database, auditDatabase, everySeconds, metrics, logger: silentLogger, clock: realClock };
  const job = startAuditJob(options);
  t.teardown(() => job.close());
  const gaugeOf = async (name: 'flashsale_audit_ok' | 'flashsale_audit_timestamp_seconds') =>
    Number((await metrics.read(name))[0]?.value);
  const violationsOf = async (check: string) =>
    (await metrics.read('flashsale_audit_violations')).find(({ labels }) => labels.check === check)?.value;
  return { gaugeOf, violationsOf };
}

const forgetRounds = () => run('UPDATE audit_round SET claimed_until = NULL, ended_at = NULL, violations = NULL');
const reported = (job: ReturnType<typeof startTestJob>, check: string, expected: number) =>
  waitUntil(
    `${expected} violations of ${check}`,
    async () => {
      const found = await job.violationsOf(check);
      if (found !== expected) throw new Error(`there are ${found}`);
    },
    limit,
  );

t.test('a sale that holds is reported as such, and a corrupted row as a violation of its check', async (t) => {
  const sid = await sell();
  const job = startTestJob(t, 1);
  t.equal(await job.gaugeOf('flashsale_audit_ok'), 1, 'before the first round nothing is known');
  await reported(job, 'not_oversold', 0);
  t.equal(await job.gaugeOf('flashsale_audit_ok'), 1);
  t.ok((await job.gaugeOf('flashsale_audit_timestamp_seconds')) > Date.now() / 1000 - 600);
  await run('UPDATE stock SET sale = sale + 1, count = count + 5 WHERE id = ?', sid);
  await reported(job, 'not_oversold', 1);
  t.equal(await job.gaugeOf('flashsale_audit_ok'), 0);
  await run('UPDATE stock SET sale = sale - 1 WHERE id = ?', sid);
  await reported(job, 'not_oversold', 0);
});

t.test('one worker audits, and all report the result', async (t) => {
  await forgetRounds();
  const claims = await Promise.all(
    Array.from({ length: 3 }, () => database.session((session) => claimAuditRound(session, 300))),
  );
  t.equal(claims.filter(Boolean).length, 1);
  await forgetRounds();
  const [auditor, other] = [startTestJob(t, 300), startTestJob(t, 0)];
  await reported(auditor, 'one_live_order', 0);
  await reported(other, 'one_live_order', 0);
  t.equal(await database.session((session) => claimAuditRound(session, 300)), false, 'the next round is not due');
});

t.test('a sale that closed long ago is not audited again', async (t) => {
  await forgetRounds();
  const sid = await sell();
  await run(
    'UPDATE stock SET sale = sale + 1, count = count + 5, closes_at = NOW(3) - INTERVAL 2 DAY WHERE id = ?',
    sid,
  );
  const job = startTestJob(t, 300);
  await reported(job, 'not_oversold', 0);
});
