import t from 'tap';
import { testSecrets } from '../../testing/clients/create-token.ts';
import { waitForLog } from '../../testing/orders/wait-for-log.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../testing/servers/start-test-system.ts';
import { fairnessTable } from './fairness-table.ts';
import { runFairness } from './run-fairness.ts';

const options = { rounds: 2, units: 4, people: 8, identities: 2, requests: 50, botCpuSeconds: 5, seed: 1 };

t.test('a small rush: bots come first, and people get what is left', async (t) => {
  const servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers);
  await startTestWorker(t, servers);
  const url = await startTestConsumer(t, servers, [provider]);
  await waitForLog(t, servers, provider);
  const jwt = { secret: testSecrets.JWT_SECRET, issuer: 'flash-sale', audience: 'flash-sale' };
  const result = await runFairness({ url, jwt }, 'rush', options, () => undefined);

  const { figures } = result;
  t.match(figures, { rounds: 2, people: 8, units: 4, unsold: 0 });
  const bots = figures?.attackers.reduce((won, { winRate }) => won + winRate.won, 0) ?? 0;
  t.equal((figures?.winRate.won ?? 0) + bots, 8, 'every unit went to one identity');
  t.ok(bots >= 6, `${bots} units to bots`);
  t.match(fairnessTable([result]), /rush +2 +8 +4/);
});

t.test('a mode that the system does not have has no figures', async (t) => {
  const jwt = { secret: testSecrets.JWT_SECRET, issuer: 'flash-sale', audience: 'flash-sale' };
  const result = await runFairness({ url: 'http://127.0.0.1:1', jwt }, 'admission', options, () => undefined);
  t.equal(result.figures, undefined);
  t.match(fairnessTable([result]), /admission: not available in this system/);
});
