import t from 'tap';
import { testEnvironment, testSecrets } from '../../testing/clients/create-token.ts';
import { waitForLog } from '../../testing/orders/wait-for-log.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../testing/servers/start-test-system.ts';
import { runSale } from './run-sale.ts';

t.test('a small sale: every unit is sold once, and every answer matches the rows', async (t) => {
  const servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers);
  await startTestWorker(t, servers);
  const url = await startTestConsumer(t, servers, [provider], { DEMO: 'on' });
  await waitForLog(t, servers, provider);
  const { brokers, prefix } = servers.topics;
  const local = {
    mysqlUrl: servers.mysqlUrl,
    kafkaBrokers: brokers,
    topicPrefix: prefix,
    orderRecordKey: testEnvironment.ORDER_RECORD_KEY,
  };
  const jwt = { secret: testSecrets.JWT_SECRET, issuer: 'flash-sale', audience: 'flash-sale' };

  for (const [name, target] of Object.entries({
    'with locally signed tokens': { url, jwt, local },
    'with the URL only': { url },
  })) {
    await t.test(name, async (t) => {
      const lines: string[] = [];
      const { ok, result, breaches } = await runSale(target, { buyers: 60, units: 20 }, (line) => lines.push(line));
      t.same(breaches, []);
      t.equal(ok, true, lines.join('\n'));
      t.match(result, { buyers: 60, units: 20, confirmed: 20, refused: 40, limited: 0, errors: 0 });
      t.match(result, { sold: 20, oversold: 0, unsold: 0, audit: { ok: true } });
      t.ok(
        result.requests >= 60 && result.ordersPerSecond > 0 && result.clickToAnswerMs.p99 >= result.clickToAnswerMs.p50,
      );
      t.ok(result.audit.checks.length >= ('local' in target ? 14 : 11));
      t.match(lines.join('\n'), /Every unit was sold once/);
      const paid = Number(/(\d+) buyers paid/.exec(lines.join('\n'))?.[1]);
      t.ok(paid >= 10, `${paid} paid`);
    });
  }

  await t.test('with a consumer that turns most of them away at first', async (t) => {
    const base = await startTestConsumer(t, servers, [provider], { DEMO: 'on', MAX_WAITING_PER_STOCK: '5' });
    const lines: string[] = [];
    const target = { url: base, jwt, local };
    const { ok, result, breaches } = await runSale(target, { buyers: 100, units: 60 }, (line) => lines.push(line));
    t.same(breaches, []);
    t.equal(ok, true, lines.join('\n'));
    t.match(result, { confirmed: 60, sold: 60, oversold: 0, unsold: 0, audit: { ok: true } });
    t.match(lines.join('\n'), /503 × \d/, 'some were turned away');
  });
});
