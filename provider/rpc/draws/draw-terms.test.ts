import { status } from '@grpc/grpc-js';
import t from 'tap';
import { connectTestClient } from '../../../ci/testing/clients/connect-test-client.ts';
import { TEST_DRAW_KEY } from '../../../ci/testing/draws/create-test-draw.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const client = connectTestClient(t, await startTestProvider(t, servers, { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY }));
const withBeacon = connectTestClient(
  t,
  await startTestProvider(t, servers, { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY, DRAW_BEACON: 'quicknet' }),
);
const withoutDraws = connectTestClient(t, await startTestProvider(t, servers));

const MINUTE = 60_000;
const now = Date.now();
const draw = {
  name: 'A lamp',
  count: 5,
  priceCents: 100,
  currency: 'EUR',
  mode: 'draw',
  entriesOpenAtMs: now + MINUTE,
  entriesCloseAtMs: now + 60 * MINUTE,
  opensAtMs: now + 80 * MINUTE,
};

t.test('a stock with a draw is created with its draw, or not at all', async (t) => {
  const stock = await client.createStock(draw);
  t.match(stock, { mode: 'draw', offersOnly: true, lineState: '' });
  t.match(await client.getStock({ sid: stock.sid }), { entriesCloseAtMs: draw.entriesCloseAtMs });
  const { stocks } = await client.listStocks({ newestFirst: true });
  t.match(stocks[0], { sid: stock.sid, entriesOpenAtMs: draw.entriesOpenAtMs });
  await t.rejects(withoutDraws.createStock(draw), { code: status.FAILED_PRECONDITION });
  const { mode: _, entriesOpenAtMs: __, entriesCloseAtMs: ___, ...rush } = draw;
  t.match(await withoutDraws.createStock(rush), { mode: 'rush', offersOnly: false });
  const [[row]] = await mysql.raw('SELECT rules, beacon_round AS beaconRound FROM draw WHERE sid = ?', [stock.sid]);
  t.match(JSON.parse(row.rules), { sid: stock.sid, attempt: 1, count: 5, beacon: null });
});

t.test('terms that contradict each other are refused', async (t) => {
  const wrong: object[] = [
    { mode: 'lottery' },
    { mode: 'rush' },
    { kind: 'ladder' },
    { count: 0 },
    { maxPerOrder: 2 },
    { entriesOpenAtMs: undefined },
    { entriesCloseAtMs: undefined },
    { opensAtMs: undefined },
    { entriesOpenAtMs: draw.entriesCloseAtMs },
    { entriesOpenAtMs: 1, entriesCloseAtMs: now - MINUTE },
    { opensAtMs: draw.entriesCloseAtMs - 1 },
  ];
  for (const fields of wrong) {
    const request = JSON.parse(JSON.stringify({ ...draw, ...fields }));
    await t.rejects(client.createStock(request), { code: status.INVALID_ARGUMENT }, JSON.stringify(fields));
  }
  t.match(await client.createStock({ ...draw, opensAtMs: draw.entriesCloseAtMs }), { mode: 'draw' });
});

t.test('with a beacon the sale opens after its round', async (t) => {
  const opensAtMs = draw.entriesCloseAtMs + 17 * MINUTE;
  await t.rejects(withBeacon.createStock({ ...draw, opensAtMs: opensAtMs - 1 }), { code: status.INVALID_ARGUMENT });
  const { sid } = await withBeacon.createStock({ ...draw, opensAtMs });
  const [[row]] = await mysql.raw('SELECT beacon_round AS beaconRound FROM draw WHERE sid = ?', [sid]);
  const roundMs = 1_692_803_367_000 + (row.beaconRound - 1) * 3000;
  t.ok(
    roundMs >= draw.entriesCloseAtMs + 10 * MINUTE && roundMs + MINUTE <= opensAtMs,
    new Date(roundMs).toISOString(),
  );
  t.match(await withBeacon.getDraw({ sid }), { knownAtMs: roundMs + MINUTE });
  await t.rejects(withBeacon.updateStock({ sid, opensAtMs: opensAtMs - 1 }), { code: status.INVALID_ARGUMENT });
});

t.test('a change that contradicts the draw is refused', async (t) => {
  const { sid } = await client.createStock(draw);
  for (const change of [{ clearOpensAt: true }, { opensAtMs: draw.entriesCloseAtMs - 1 }]) {
    await t.rejects(client.updateStock({ sid, ...change }), { code: status.INVALID_ARGUMENT }, JSON.stringify(change));
  }
  const later = draw.opensAtMs + MINUTE;
  t.match(await client.updateStock({ sid, opensAtMs: later, addUnits: 2 }), {
    opensAtMs: later,
    count: 7,
    mode: 'draw',
  });
});

t.test('a stock whose draw has entries cannot be removed', async (t) => {
  const { sid } = await client.createStock({ ...draw, entriesOpenAtMs: 1 });
  const { results } = await client.enterDraws({
    items: [
      { sid, buyer: 'ann' },
      { sid: 0, buyer: 'ann' },
      { sid, buyer: '' },
    ],
  });
  t.match(results, [
    { reply: { outcome: 'ENTERED' } },
    { reply: null, fault: { code: status.INVALID_ARGUMENT } },
    { reply: null, fault: { code: status.INVALID_ARGUMENT } },
  ]);
  await t.rejects(client.removeStock({ sid }), { code: status.FAILED_PRECONDITION });
  const { sid: empty } = await client.createStock(draw);
  await client.removeStock({ sid: empty });
  const [[{ draws }]] = await mysql.raw('SELECT COUNT(*) AS draws FROM draw WHERE sid = ?', [empty]);
  t.equal(draws, 0);
});
