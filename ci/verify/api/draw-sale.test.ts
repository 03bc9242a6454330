import t from 'tap';
import { verifyDraw } from '../../../proto/draws/verify/verify-draw.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { callApi } from '../../testing/clients/call-api.ts';
import { testSecrets } from '../../testing/clients/create-token.ts';
import { TEST_DRAW_KEY } from '../../testing/draws/create-test-draw.ts';
import { waitForLog } from '../../testing/orders/wait-for-log.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../testing/servers/start-test-system.ts';

// A whole draw over HTTP, on a provider, a consumer and an order-worker.

const servers = await createTestServers(t);
const draws = { DRAWS: 'on', DRAW_KEY: TEST_DRAW_KEY, ORDER_NO_KEY: testSecrets.ORDER_NO_KEY };
const provider = await startTestProvider(t, servers, draws);
await startTestWorker(t, servers, draws);
const api = `${await startTestConsumer(t, servers, [provider])}/api/v1`;
await waitForLog(t, servers, provider);

const UNITS = 5;
const buyers = Array.from({ length: 40 }, (_, i) => `buyer-${i}`);
const ENTRIES_MS = 10_000;

type Entry = { state: string; place: number | null; orderNo: string | null; ticket: { entryId: string } };
const readEntries = async (sid: string): Promise<(Entry & { buyer: string })[]> =>
  Promise.all(
    buyers.map(async (buyer) => {
      const { body } = await callApi(api, `/stocks/${sid}/entry`, { as: buyer });
      return { ...(body as unknown as Entry), buyer };
    }),
  );

/** Waits until so many entries had their turn, and resolves with them by place. */
async function waitForOffers(sid: string, count: number) {
  return waitUntil(
    `${count} offers`,
    async () => {
      const offered = (await readEntries(sid)).filter(({ state }) => state === 'offered');
      if (offered.length !== count) throw new Error(`${offered.length}`);
      return offered.sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    },
    { limitMs: 60_000 },
  );
}

t.test('buyers enter, are drawn, and units go from place to place', async (t) => {
  const now = Date.now();
  const at = (ms: number) => new Date(now + ms).toISOString();
  const stock = await callApi(api, '/admin/stocks', {
    as: 'admin',
    body: {
      name: 'A lamp',
      count: UNITS,
      price: { amount: 1999, currency: 'EUR' },
      mode: 'draw',
      entriesOpenAt: at(-1000),
      entriesCloseAt: at(ENTRIES_MS),
      opensAt: at(ENTRIES_MS),
      closesAt: at(3_600_000),
    },
  });
  t.equal(stock.status, 201, stock.text);
  const sid = String(stock.body.sid);
  const entered = await Promise.all(buyers.map((as) => callApi(api, `/stocks/${sid}/entry`, { as, method: 'POST' })));
  t.ok(entered.every(({ status }) => status === 201));

  const offered = await waitForOffers(sid, UNITS);
  t.same(
    offered.map(({ place }) => place),
    [1, 2, 3, 4, 5],
  );
  const [payer, quitter] = offered;
  for (const { buyer, orderNo } of offered) {
    const { body } = await callApi(api, `/orders/${orderNo}`, { as: buyer });
    t.match(body, { sid, state: 'awaiting_payment', decision: 'confirmed' });
  }

  const newcomer = await callApi(api, `/stocks/${sid}/orders`, { as: 'newcomer', method: 'POST' });
  t.match(newcomer, { status: 409, body: { code: 'entry_required' } });
  const late = await callApi(api, `/stocks/${sid}/entry`, { as: 'newcomer', method: 'POST' });
  t.match(late, { status: 409, body: { code: 'entries_closed' } });

  const payment = await callApi(api, `/orders/${payer?.orderNo}/payments`, { as: payer?.buyer ?? '', method: 'POST' });
  t.equal(payment.status, 201, 'an offer is paid as any order');
  const cancelled = await callApi(api, `/orders/${quitter?.orderNo}/cancel`, {
    as: quitter?.buyer ?? '',
    method: 'POST',
  });
  t.match(cancelled, { status: 200, body: { state: 'cancelled' } });
  const next = await waitForOffers(sid, UNITS + 1);
  t.equal(next.at(-1)?.place, UNITS + 1, 'the unit goes to the next place');

  // The answer is up to a second old.
  const draw = await waitUntil(
    'the answer shows the draw',
    async () => {
      const answer = await callApi(api, `/stocks/${sid}/draw`);
      if (answer.body.state !== 'drawn') throw new Error(answer.text);
      return answer;
    },
    { limitMs: 5000 },
  );
  t.match(draw.body, {
    state: 'drawn',
    entries: buyers.length,
    lastPlace: buyers.length,
    beacon: null,
    voidAttempts: [],
  });
  const file = await callApi(api, `/stocks/${sid}/draw/file`);
  t.equal(file.status, 200, file.text);
  const verified = verifyDraw(file.text);
  const failed = verified.checks.filter(({ ok }) => !ok);
  // Without a beacon the shop could have chosen the outcome: the check says so.
  t.ok(
    failed.every(({ name }) => /beacon/i.test(name)),
    JSON.stringify(failed),
  );
  const ids = new Set(file.text.split('\n'));
  t.ok(
    next.every(({ ticket }) => ids.has(ticket.entryId)),
    'each entrant finds himself',
  );
  await callApi(api, `/admin/stocks/${sid}/audit`, { as: 'admin', method: 'POST' });
  const audit = await waitUntil(
    'the audit',
    async () => {
      const { body } = await callApi(api, `/admin/stocks/${sid}/audit`, { as: 'admin' });
      if (body.state === 'running') throw new Error('it runs');
      return body;
    },
    { limitMs: 30_000 },
  );
  t.match(audit, { ok: true }, JSON.stringify(audit));
});
