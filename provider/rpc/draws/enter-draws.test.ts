import t from 'tap';
import { connectTestClient } from '../../../ci/testing/clients/connect-test-client.ts';
import { createTestDraw, TEST_DRAW_KEY } from '../../../ci/testing/draws/create-test-draw.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const client = connectTestClient(
  t,
  await startTestProvider(t, servers, { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY, MYSQL_STATEMENT_MS: '5000' }),
);

const STOCKS = 20;
const CALLS = 30;

t.test('calls that each have entries of many stocks share transactions', async (t) => {
  const sids: number[] = [];
  for (let i = 0; i < STOCKS; i += 1) sids.push(await createTestDraw(mysql));
  const calls = Array.from({ length: CALLS }, (_, call) =>
    client.enterDraws({
      items: Array.from({ length: 100 }, (_, i) => ({ sid: sids[i % STOCKS] as number, buyer: `${call}-${i}` })),
    }),
  );
  const results = (await Promise.all(calls)).flatMap((reply) => reply.results);
  t.equal(results.filter(({ reply }) => reply?.outcome === 'ENTERED').length, CALLS * 100);
  const [[{ entries }]] = await mysql.raw('SELECT COUNT(*) AS entries FROM entry WHERE sid IN (?)', [sids]);
  t.equal(entries, CALLS * 100);
});

t.test('a stock whose draw is locked does not hold up another stock', async (t) => {
  const [locked, free] = [await createTestDraw(mysql), await createTestDraw(mysql)];
  const transaction = await mysql.transaction();
  t.teardown(() => transaction.rollback());
  await transaction.raw('SELECT state FROM draw WHERE sid = ? FOR UPDATE', [locked]);
  const stuck = Array.from({ length: CALLS }, (_, i) =>
    client.enterDraws({ items: [{ sid: locked, buyer: `buyer-${i}` }] }),
  );
  const { results } = await client.enterDraws({ items: [{ sid: free, buyer: 'ann' }] });
  t.match(results, [{ reply: { outcome: 'ENTERED' } }]);
  const [[{ entries }]] = await mysql.raw('SELECT COUNT(*) AS entries FROM entry WHERE sid = ?', [locked]);
  t.equal(entries, 0, 'the lock is still held');
  await transaction.rollback();
  await Promise.allSettled(stuck);
});
