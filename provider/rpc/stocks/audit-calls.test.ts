import { status } from '@grpc/grpc-js';
import t from 'tap';
import { connectTestClient, violatedFields } from '../../../ci/testing/clients/connect-test-client.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const client = connectTestClient(t, await startTestProvider(t, servers));

t.test('the audit of a stock has the result of each check, and fails if one fails', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  await sellUnits(mysql, sid, ['ann', 'bob', 'cid']);
  const healthy = await client.auditStock({ sid });
  t.equal(healthy.ok, true);
  t.ok(healthy.checks.length >= 11);
  t.match(healthy.checks[0], {
    name: 'not_oversold',
    ok: true,
    result: 'holds',
    detail: '2 active orders, 2 sold, 2 units',
  });
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  const broken = await client.auditStock({ sid });
  t.equal(broken.ok, false);
  t.same(
    broken.checks.filter(({ ok }) => !ok).map(({ name, result }) => [name, result]),
    [['not_oversold', 'broken']],
  );
});

t.test('an unknown stock and an invalid id', async (t) => {
  await t.rejects(client.auditStock({ sid: 987_654 }), { code: status.NOT_FOUND });
  const error = await client.auditStock({ sid: 0 }).catch((error: unknown) => error);
  t.same(violatedFields(error as Parameters<typeof violatedFields>[0]), ['sid']);
});

t.test('one audit at a time', async (t) => {
  const sid = await createTestStock(mysql, { count: 5000 });
  await sellUnits(
    mysql,
    sid,
    Array.from({ length: 900 }, (_, i) => `buyer-${i}`),
  );
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => client.auditStock({ sid })));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  t.equal(refused.length, 3);
  for (const { reason } of refused) t.equal(reason.code, status.RESOURCE_EXHAUSTED);
  t.match(await client.auditStock({ sid }), { ok: true });
});
