import t, { type Test } from 'tap';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../../ci/testing/orders/sell-units.ts';
import { createTestDatabase } from '../../../ci/testing/servers/test-database.ts';
import type { Session } from '../../mysql/database.ts';
import { recordPayment } from '../../payments/record-payments.ts';
import { refundOrder } from '../../payments/refund-order.ts';
import { startPayment } from '../../payments/start-payments.ts';
import { cancelOrder } from '../cancel-order.ts';
import { expireOrders } from '../expire-orders.ts';
import { createTimeline, readSaleHistory } from '../lists/read-sale-history.ts';
import { summarizeStock } from '../lists/summarize-stock.ts';
import { countEverything } from './count-orders.ts';
import { addUp } from './sale-figures.ts';
import { findSalesToStore, storeSale } from './store-sale.ts';
import { readSaleMark, readStoredSeconds } from './stored-seconds.ts';

const { mysql, database } = await createTestDatabase(t);
const SECONDS = { startMs: 0, lengthMs: 1000 };

/** Time passes: everything that happened is older, also what is stored. */
async function pass(sid: number, seconds: number): Promise<void> {
  const times = ['create_time', 'minted_at', 'appended_at', 'pay_by', 'paid_at', 'ended_at'];
  const older = (time: string) => `${time} = ${time} - INTERVAL ${seconds} SECOND`;
  await mysql.raw(`UPDATE stock_order SET ${times.map(older).join(', ')} WHERE sid = ?`, [sid]);
  await mysql.raw(`UPDATE order_event SET ${older('create_time')} WHERE sid = ?`, [sid]);
  await mysql.raw(`UPDATE sale_mark SET ${older('until_at')} WHERE sid = ?`, [sid]);
  const stored = ['sold_out_at_ms', 'last_paid_at_ms'].map((time) => `${time} = ${time} - ${seconds * 1000}`);
  await mysql.raw(
    `UPDATE sale_second SET second = second - ${seconds}, ${stored.join()} WHERE sid = ? ORDER BY second`,
    [sid],
  );
}

/** As a worker does it. */
async function store(sid: number): Promise<void> {
  const sales = await database.session(findSalesToStore);
  for (const sale of sales.filter((sale) => sale.sid === sid)) await storeSale(database, sale);
}

async function read(session: Session, sid: number, nowMs: number) {
  const lines = [createTimeline(nowMs - 600_000, nowMs + 1000), createTimeline(nowMs - 130_000, nowMs - 20_000)];
  const histories = [];
  for (const line of lines) histories.push(await readSaleHistory(session, sid, line));
  return { summary: await summarizeStock(session, sid), histories };
}

/** What the console gets is what all rows say, and so is each stored second. */
async function check(t: Test, sid: number, when: string) {
  const nowMs = Date.now();
  const { shown, counted, stored, secondsOfRows } = await database.transaction(async (transaction) => {
    const shown = await read(transaction, sid, nowMs);
    const untilMs = (await readSaleMark(transaction, sid)) ?? 0;
    const stored = addUp(await readStoredSeconds(transaction, { sid, fromMs: 0, untilMs: nowMs }, SECONDS));
    const range = { sid, fromMs: null, untilMs, changesBy: 'rows' as const };
    const secondsOfRows = addUp(await countEverything(transaction, range, SECONDS));
    await transaction.change('DELETE FROM sale_mark WHERE sid = ?', [sid]);
    const counted = await read(transaction, sid, nowMs);
    return transaction.rollBack({ shown, counted, stored, secondsOfRows });
  });
  t.same(shown, counted, when);
  t.same(stored, secondsOfRows, `${when}: each second`);
  return { ...shown, stored };
}

async function pay(orderNo = '', buyer = ''): Promise<void> {
  const started = await startPayment(database, { orderNo, buyer });
  if (started.outcome !== 'STARTED') throw new Error(started.outcome);
  const { paymentId, amountCents, currency } = started.payment;
  await recordPayment(database, { eventId: `of-${paymentId}`, paymentId, orderNo, amountCents, currency });
}

const expire = () =>
  expireOrders(database, {
    onExpired: () => undefined,
    onError: (_sid, error) => {
      throw error;
    },
  });

t.test('stored figures are those of the rows, after payments, expiries, refunds and cancellations', async (t) => {
  const sid = await createTestStock(mysql, { count: 8, priceCents: 500, currency: 'EUR' });
  const buyers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'late', 'later'];
  const orderNos = await sellUnits(mysql, sid, buyers, 200_000);
  await check(t, sid, 'nothing is stored');
  await store(sid);
  await check(t, sid, 'what is young is not stored');
  await pass(sid, 70);
  await pay(orderNos[0], 'a');
  await store(sid);
  const first = await check(t, sid, 'all decisions are stored');
  t.equal(first.stored.size > 0, true);
  t.match(first.summary, {
    confirmedOrders: 8,
    refusedOrders: 2,
    buyers: 8,
    paidUnits: 1,
    unpaidUnits: 7,
    revenueCents: 500,
  });

  await pay(orderNos[1], 'b');
  await pay(orderNos[2], 'c');
  await cancelOrder(database, orderNos[3] ?? '', 'd');
  await sellUnits(mysql, sid, ['d', 'e'], 900_000);
  await refundOrder(database, orderNos[1] ?? '', 'test');
  const second = await check(t, sid, 'the newest changes are counted in the rows');
  t.match(second.summary, {
    buyers: 8,
    confirmedOrders: 9,
    paidOrders: 3,
    paidUnits: 2,
    refundedUnits: 1,
    cancelledUnits: 1,
  });
  await pass(sid, 15);
  await store(sid);
  await check(t, sid, 'they are stored');
  await pass(sid, 150);
  await store(sid);
  await check(t, sid, 'time has passed');

  await expire();
  await refundOrder(database, orderNos[0] ?? '', 'test');
  const third = await check(t, sid, 'expiries and a later refund');
  t.match(third.summary, { expiredUnits: 4, refundedUnits: 2, paidUnits: 1, unpaidUnits: 1, paidOrders: 3 });
  await pass(sid, 40);
  await Promise.all([store(sid), store(sid)]);
  await check(t, sid, 'they are stored, by one of two workers');
  await pass(sid, 100);
  await store(sid);
  await pass(sid, 100);
  t.same(await database.session(findSalesToStore), [], 'a sale that is over is left alone');
  await check(t, sid, 'a long time after');
});

t.test('an order that is committed late is counted with the next seconds', async (t) => {
  const sid = await createTestStock(mysql, { count: 8 });
  const [late = ''] = await sellUnits(mysql, sid, ['late', 'a']);
  const other = await createTestStock(mysql, { count: 8 });
  await pass(sid, 30);
  await mysql.raw('UPDATE stock_order SET sid = ? WHERE order_no = ?', [other, late]);
  await store(sid);
  await mysql.raw('UPDATE stock_order SET sid = ? WHERE order_no = ?', [sid, late]);
  await pass(sid, 70);
  await store(sid);
  t.match((await check(t, sid, 'with the late one')).summary, { confirmedOrders: 2 });
});

t.test('while another worker stores a sale, its figures are left alone', async (t) => {
  const sid = await createTestStock(mysql, { count: 8 });
  await sellUnits(mysql, sid, ['a']);
  await store(sid);
  await pass(sid, 30);
  await database.transaction(async (other) => {
    await other.rows('SELECT sid FROM sale_mark WHERE sid = ? FOR UPDATE', [sid]);
    await store(sid);
    t.same(await mysql('sale_second').where({ sid }), []);
  });
  await store(sid);
  t.equal((await check(t, sid, 'it is stored')).stored.size, 1);
});
