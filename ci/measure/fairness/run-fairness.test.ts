import t, { type Test } from 'tap';
import { testSecrets } from '../../testing/clients/create-token.ts';
import { TEST_DRAW_KEY } from '../../testing/draws/create-test-draw.ts';
import { waitForLog } from '../../testing/orders/wait-for-log.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../testing/servers/start-test-system.ts';
import { fairnessTable } from './fairness-table.ts';
import { type ModeResult, runFairness } from './run-fairness.ts';

const options = {
  rounds: 2,
  equalRounds: 3,
  units: 4,
  people: 8,
  identities: 2,
  requests: 50,
  botCpuSeconds: 5,
  seed: 1,
};

t.test('a small sale in each mode', async (t) => {
  const servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers, { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY });
  await startTestWorker(t, servers, { DRAW_KEY: TEST_DRAW_KEY, ORDER_NO_KEY: testSecrets.ORDER_NO_KEY });
  const url = await startTestConsumer(t, servers, [provider]);
  await waitForLog(t, servers, provider);
  const jwt = { secret: testSecrets.JWT_SECRET, issuer: 'flash-sale', audience: 'flash-sale' };

  await t.test('rush: every unit goes to one identity', async (t) => {
    const result = await runFairness({ url, jwt }, 'rush', options, () => undefined);
    checkUnits(t, result);
    t.match(fairnessTable([result]), /rush +2 +8 +4/);
  });

  await t.test('draw: all enter, and every unit is offered once', async (t) => {
    const result = await runFairness({ url, jwt }, 'draw', options, () => undefined);
    checkUnits(t, result);
    t.equal(result.figures?.withoutEntry, 0);
    t.match(result.equals, { rounds: 3, people: 8, units: 4, attackers: [] });
    t.match(fairnessTable([result]), /Only people/);
    t.ok(result.figures?.attackers.every(({ requestsPerIdentity }) => requestsPerIdentity >= 2));
  });
});

/** Every unit went to one identity. */
function checkUnits(t: Test, { figures }: ModeResult): void {
  t.match(figures, { rounds: 2, people: 8, units: 4, unsold: 0 });
  const bots = figures?.attackers.reduce((won, { winRate }) => won + winRate.won, 0) ?? 0;
  t.equal((figures?.winRate.won ?? 0) + bots, 8);
}

t.test('a mode that the system does not have has no figures', async (t) => {
  const jwt = { secret: testSecrets.JWT_SECRET, issuer: 'flash-sale', audience: 'flash-sale' };
  const result = await runFairness({ url: 'http://127.0.0.1:1', jwt }, 'admission', options, () => undefined);
  t.equal(result.figures, undefined);
  t.match(fairnessTable([result]), /admission: not available in this system/);
});
