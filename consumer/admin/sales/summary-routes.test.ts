import t from 'tap';
import { callApi } from '../../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;
const summaryOf = (sid: number | string, as = 'admin') => callApi(api, `/admin/stocks/${sid}/summary`, { as });

t.test('a sale is summed up in units, money and times', async (t) => {
  const opensAtMs = Date.UTC(2026, 0, 1);
  const sid = await createTestStock(mysql, { count: 6, priceCents: 1999, currency: 'EUR', opensAtMs });
  const numbers = await sellUnits(mysql, sid, ['a', 'b', 'c', 'd', 'e', 'f', 'late']);
  const at = (seconds: number) => new Date(opensAtMs + seconds * 1000);
  for (const [i, orderNo] of numbers.entries()) {
    await mysql.raw('UPDATE stock_order SET create_time = ? WHERE order_no = ?', [at(i + 1), orderNo]);
  }
  for (const [i, state] of ['paid', 'paid', 'refunded', 'expired', 'cancelled'].entries()) {
    await mysql.raw('UPDATE stock_order SET state = ? WHERE order_no = ?', [state, numbers[i] ?? '']);
  }
  await mysql.raw('UPDATE stock_order SET quantity = 3, max_per_order = 3 WHERE order_no = ?', [numbers[0] ?? '']);
  await mysql.raw('UPDATE stock SET sale = 5 WHERE id = ?', [sid]);
  const { status, body, headers } = await summaryOf(sid);
  t.equal(status, 200);
  t.equal(headers.get('cache-control'), 'no-store');
  t.same(body, {
    sid: String(sid),
    count: 6,
    sold: 5,
    left: 1,
    unpaid: 1,
    paid: 4,
    refunded: 1,
    expired: 1,
    cancelled: 1,
    revenue: { amount: 4 * 1999, currency: 'EUR' },
    refundedAmount: { amount: 1999, currency: 'EUR' },
    unpaidAmount: { amount: 1999, currency: 'EUR' },
    expiredAmount: { amount: 1999, currency: 'EUR' },
    cancelledAmount: { amount: 1999, currency: 'EUR' },
    sellThrough: 0.8333,
    buyers: 6,
    confirmedOrders: 6,
    paidOrders: 3,
    refusedOrders: 1,
    conversion: 0.5,
    soldOutAt: at(7).toISOString(),
    secondsToSoldOut: 7,
  });
});

t.test('without orders, with units left, and without an opening time', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  t.match((await summaryOf(sid)).body, {
    sold: 0,
    buyers: 0,
    conversion: null,
    soldOutAt: null,
    secondsToSoldOut: null,
  });
  const other = await createTestStock(mysql, { count: 2 });
  await sellUnits(mysql, other, ['a', 'b']);
  const { body } = await summaryOf(other);
  t.match(body, { left: 0, conversion: 0, soldOutAt: String });
  t.ok(Number(body.secondsToSoldOut) < 60, 'from the first order');
  const few = await createTestStock(mysql, { count: 2 });
  const [, , refused = ''] = await sellUnits(mysql, few, ['a', 'b', 'wants more']);
  await mysql.raw('UPDATE stock_order SET units_left = 1 WHERE order_no = ?', [refused]);
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [few]);
  t.match((await summaryOf(few)).body, { soldOutAt: null }, 'too few left is not sold out');
});

t.test('unknown stocks, stocks of the ladder, and buyers', async (t) => {
  const ladder = await createTestStock(mysql, { kind: 'ladder' });
  for (const sid of [4242, ladder]) t.match(await summaryOf(sid), { status: 404, body: { code: 'stock_not_found' } });
  for (const sid of ['0', '-1', 'x', '9007199254740992']) t.equal((await summaryOf(sid)).status, 400, sid);
  t.equal((await summaryOf(4242, 'ann')).status, 403);
});
