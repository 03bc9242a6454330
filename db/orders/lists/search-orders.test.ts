import t from 'tap';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../../ci/testing/orders/sell-units.ts';
import { createTestDatabase } from '../../../ci/testing/servers/test-database.ts';
import type { OrderPosition } from '../order-table.ts';
import { type OrderSearch, searchOrders } from './search-orders.ts';

const { mysql, database } = await createTestDatabase(t);
const everything = { states: [], reference: null, fromMs: null, untilMs: null, behind: null, limit: 100 };
const search = (wanted: Partial<OrderSearch> & Pick<OrderSearch, 'owner'>, most?: number) =>
  database.session((session) => searchOrders(session, { ...everything, ...wanted }, most));

const START_MS = Date.UTC(2026, 0, 1);
/** A second between each order and the next. */
async function spread(orderNos: string[]): Promise<void> {
  for (const [i, orderNo] of orderNos.entries()) {
    const time = new Date(START_MS + i * 1000);
    await mysql.raw('UPDATE stock_order SET create_time = ? WHERE order_no = ?', [time, orderNo]);
  }
}

const sid = await createTestStock(mysql, { count: 50 });
const orderNos = await sellUnits(
  mysql,
  sid,
  Array.from({ length: 20 }, (_, i) => `buyer${i}`),
);
await spread(orderNos);
await mysql.raw("UPDATE stock_order SET state = 'paid', reference = 'cart-1' WHERE order_no IN (?)", [
  [orderNos[0], orderNos[13]] as never,
]);
const other = await createTestStock(mysql, { count: 5 });
const [elsewhere = ''] = await sellUnits(mysql, other, ['buyer3']);

/** All pages, and how many there were. */
async function pages(wanted: Partial<OrderSearch> & Pick<OrderSearch, 'owner'>, most?: number) {
  const found: string[] = [];
  let behind: OrderPosition | null = null;
  for (let count = 1; ; count += 1) {
    const page = await search({ ...wanted, behind }, most);
    found.push(...page.orders.map(({ orderNo }) => orderNo));
    if (!page.next) return { found, count };
    behind = page.next;
  }
}

t.test('the orders of a stock or a buyer are found, newest first, page by page', async (t) => {
  t.same(await pages({ owner: { sid }, limit: 7 }), { found: orderNos.toReversed(), count: 3 });
  t.same(await pages({ owner: { sid }, limit: 20 }), { found: orderNos.toReversed(), count: 1 });
  t.same(new Set((await pages({ owner: { buyer: 'buyer3' } })).found), new Set([elsewhere, orderNos[3]]));
  t.same((await pages({ owner: { buyer: 'buyer3', sid } })).found, [orderNos[3]]);
  t.same((await pages({ owner: { buyer: 'other' } })).found, []);
});

t.test('states, reference and times select', async (t) => {
  const paid = [orderNos[13], orderNos[0]];
  t.same((await pages({ owner: { sid }, states: ['paid'] })).found, paid);
  t.same((await pages({ owner: { sid }, states: ['paid', 'awaiting_payment'] })).found.length, 20);
  t.same((await pages({ owner: { sid }, reference: 'cart-1' })).found, paid);
  t.same((await pages({ owner: { sid }, reference: 'cart-2' })).found, []);
  const times = { fromMs: START_MS + 5000, untilMs: START_MS + 8000 };
  t.same((await pages({ owner: { sid }, ...times })).found, [orderNos[7], orderNos[6], orderNos[5]]);
  t.same((await pages({ owner: { sid }, ...times, states: ['paid'] })).found, []);
});

t.test('a page looks at a limited number of orders, and the next one goes on behind them', async (t) => {
  t.same(await pages({ owner: { sid }, states: ['paid'] }, 4), { found: [orderNos[13], orderNos[0]], count: 5 + 1 });
  const first = await search({ owner: { sid }, states: ['paid'] }, 4);
  t.match(first, { orders: [], next: { orderNo: orderNos[16] } });
  t.same(
    (await pages({ owner: { sid }, states: ['awaiting_payment'], limit: 3 }, 4)).found.length,
    18,
    'none twice, none left out',
  );
});
