import t from 'tap';
import { callApi } from '../../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;
const historyOf = (sid: number | string, query = '', as = 'admin') =>
  callApi(api, `/admin/stocks/${sid}/history${query}`, { as });

const opensAtMs = Date.UTC(2026, 0, 1, 10);
const at = (ms: number) => new Date(opensAtMs + ms);

/** Sells a unit to each, decided at these milliseconds after the opening; each click was `waitMs` before, half of it before the log. */
async function sellAt(sid: number, decided: [buyer: string, ms: number, waitMs: number][]): Promise<string[]> {
  const orderNos = await sellUnits(
    mysql,
    sid,
    decided.map(([buyer]) => buyer),
  );
  for (const [i, [, ms, waitMs]] of decided.entries()) {
    const times = [at(ms), at(ms - waitMs), at(ms - waitMs / 2), orderNos[i] ?? ''];
    await mysql.raw('UPDATE stock_order SET create_time = ?, minted_at = ?, appended_at = ? WHERE order_no = ?', times);
  }
  return orderNos;
}

async function end(orderNo: string | undefined, state: string, paidMs: number | null): Promise<void> {
  const paidAt = paidMs === null ? null : at(paidMs);
  await mysql.raw('UPDATE stock_order SET state = ?, paid_at = ? WHERE order_no = ?', [state, paidAt, orderNo ?? '']);
}

const cents = (amount: number) => ({ amount, currency: 'EUR' });
const nothing = { orders: 0, confirmed: 0, refused: 0, paid: 0, paidAmount: cents(0), slow: 0 };
const noWait = { msToLog: null, msToDecision: null, slowestMs: null };

t.test('orders are counted when they were decided, payments when they came', async (t) => {
  const sid = await createTestStock(mysql, { count: 4, priceCents: 500, currency: 'EUR', opensAtMs });
  const [first, second, third] = await sellAt(sid, [
    ['a', 100, 40],
    ['b', 900, 60],
    ['c', 2500, 2000],
    ['d', 2600, 100],
    ['late', 3100, 20],
  ]);
  await end(first, 'paid', 2900);
  await end(second, 'refunded', 5200);
  await end(third, 'expired', null);
  const { status, body, headers } = await historyOf(sid);
  t.equal(status, 200);
  t.equal(headers.get('cache-control'), 'no-store');
  const { buckets, ...line } = body;
  t.same(line, {
    sid: String(sid),
    from: at(0).toISOString(),
    until: at(6000).toISOString(),
    bucketSeconds: 1,
    opensAt: at(0).toISOString(),
    firstOrderAt: at(100).toISOString(),
    soldOutAt: at(3100).toISOString(),
  });
  const bucket = (second: number, figures: object) => ({ ...nothing, at: at(second * 1000).toISOString(), ...figures });
  t.same(buckets, [
    bucket(0, { orders: 2, confirmed: 2, msToLog: 25, msToDecision: 25, slowestMs: 60 }),
    bucket(2, {
      orders: 2,
      confirmed: 2,
      paid: 1,
      paidAmount: cents(500),
      msToLog: 525,
      msToDecision: 525,
      slowestMs: 2000,
      slow: 1,
    }),
    bucket(3, { orders: 1, refused: 1, msToLog: 10, msToDecision: 10, slowestMs: 20 }),
    bucket(5, { paid: 1, paidAmount: cents(500), ...noWait }),
  ]);
});

t.test('a part of the time line, and a long sale in few buckets', async (t) => {
  const sid = await createTestStock(mysql, { count: 5, priceCents: 500, currency: 'EUR', opensAtMs });
  const day = 86_400_000;
  const [first] = await sellAt(sid, [
    ['a', 500, 10],
    ['b', 3000, 10],
    ['c', 40 * day, 10],
  ]);
  await end(first, 'paid', 3500);
  const whole = (await historyOf(sid)).body;
  t.equal(whole.bucketSeconds, 21_600);
  t.match(whole.buckets, [
    { orders: 2, paid: 1 },
    { orders: 1, paid: 0 },
  ]);
  const part = await historyOf(sid, `?from=${at(2000).toISOString()}&until=${at(4999).toISOString()}`);
  t.match(part.body, { from: at(2000).toISOString(), until: at(4000).toISOString(), bucketSeconds: 1 });
  t.match(part.body.buckets, [{ at: at(3000).toISOString(), orders: 1, paid: 1 }]);
});

t.test('a sale without orders, unknown stocks, wrong times, and buyers', async (t) => {
  const sid = await createTestStock(mysql, { opensAtMs });
  t.match((await historyOf(sid)).body, { buckets: [], firstOrderAt: null, soldOutAt: null, bucketSeconds: 1 });
  t.match(await historyOf(4242), { status: 404, body: { code: 'stock_not_found' } });
  for (const query of [
    '?from=soon',
    '?x=1',
    `?from=${at(2000).toISOString()}&until=${at(1000).toISOString()}`,
    `?until=${at(-1000).toISOString()}`,
  ]) {
    t.match(await historyOf(sid, query), { status: 400, body: { code: 'invalid_request' } }, query);
  }
  t.equal((await historyOf(sid, '', 'ann')).status, 403);
});
