import t from 'tap';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { createDatabase } from '../mysql/database.ts';
import { recordPayment } from '../payments/record-payments.ts';
import { startPayment } from '../payments/start-payments.ts';
import type { UnitsAfter } from '../stocks/stock-table.ts';
import { expireOrders } from './expire-orders.ts';

const { database, mysql, url } = await createTestDatabase(t);
const OVER = -1000;
const buyers = (count: number) => Array.from({ length: count }, (_, i) => `buyer-${i}`);

function job(pool = mysql, batch?: number) {
  const expired: { units: UnitsAfter; orders: number }[] = [];
  const errors: unknown[] = [];
  return {
    expired,
    errors,
    run: () =>
      expireOrders(createDatabase({ mysql: pool, statementMs: 10_000 }), {
        onExpired: (units, orders) => expired.push({ units, orders: orders.length }),
        onError: (_sid, error) => errors.push(error),
        ...(batch ? { batch } : {}),
      }),
  };
}

t.test('unpaid orders expire, their units return, and onExpired is called', async (t) => {
  const [sid, other] = [await createTestStock(mysql, { count: 5 }), await createTestStock(mysql, { count: 5 })];
  const [ended = ''] = await sellUnits(mysql, sid, ['ann', 'bob'], OVER);
  await sellUnits(mysql, sid, ['kim']);
  await sellUnits(mysql, other, ['lea']);
  const before = await auditStock(mysql, sid);
  const { expired, run } = job();
  t.equal(await run(), false);
  const after = await auditStock(mysql, sid);
  t.match(after, { sale: 1, live: 1, states: { expired: 2, awaiting_payment: 1 } });
  t.ok(after.version > before.version, 'the version changed');
  t.same(expired, [{ orders: 2, units: { sid, count: 5, sale: 1, version: after.version } }]);
  t.match(await auditStock(mysql, other), { sale: 1, live: 1 }, 'another stock is unchanged');
  const [[row]] = await mysql.raw('SELECT ended_at FROM stock_order WHERE order_no = ?', [ended]);
  t.ok(row.ended_at);
  const [events] = await mysql.raw('SELECT type FROM order_event WHERE order_no = ? ORDER BY type', [ended]);
  t.same(events, [{ type: 'confirmed' }, { type: 'expired' }]);
});

t.test('without due orders nothing changes, not even the version', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  await sellUnits(mysql, sid, ['ann']);
  const before = await auditStock(mysql, sid);
  const { expired, run } = job();
  t.equal(await run(), false);
  t.same(expired, []);
  t.same(await auditStock(mysql, sid), before);
});

t.test('a buyer whose order expired may buy again', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await sellUnits(mysql, sid, ['ann'], OVER);
  await job().run();
  await sellUnits(mysql, sid, ['ann']);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1, states: { expired: 1, awaiting_payment: 1 } });
});

t.test('a full batch resolves with true, and the next call continues', async (t) => {
  const sid = await createTestStock(mysql, { count: 10 });
  await sellUnits(mysql, sid, buyers(5), OVER);
  const { expired, run } = job(mysql, 2);
  t.same([await run(), await run(), await run(), await run()], [true, true, false, false]);
  t.same(
    expired.map(({ orders }) => orders),
    [2, 2, 1],
  );
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0, states: { expired: 5 } });
});

t.test('an order that a payment has locked is skipped until the next run', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const [held = ''] = await sellUnits(mysql, sid, ['ann', 'bob'], OVER);
  const payment = await mysql.transaction();
  await payment.raw('SELECT order_no FROM stock_order WHERE order_no = ? FOR UPDATE', [held]);
  const { expired, errors, run } = job();
  await run();
  t.same(
    expired.map(({ orders }) => orders),
    [1],
  );
  t.same(errors, []);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1, states: { expired: 1, awaiting_payment: 1 } });
  await payment.rollback();
  await run();
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0, states: { expired: 2 } });
});

t.test('four concurrent jobs and many buyers return each unit once', async (t) => {
  const sid = await createTestStock(mysql, { count: 400 });
  await sellUnits(mysql, sid, buyers(300), OVER);
  const jobs = Array.from({ length: 4 }, () => job(createPool(t, url, 4), 25));
  const buying = Array.from({ length: 10 }, (_, i) => sellUnits(mysql, sid, [`late-${i}`, `later-${i}`]));
  await Promise.all([
    ...jobs.map(async ({ run }) => {
      while (await run());
    }),
    ...buying,
  ]);
  while (await job().run());
  t.same(
    jobs.flatMap(({ errors }) => errors),
    [],
  );
  t.match(await auditStock(mysql, sid), { sale: 20, live: 20, states: { expired: 300, awaiting_payment: 20 } });
  const [[{ n }]] = await mysql.raw(`SELECT COUNT(*) AS n FROM order_event WHERE sid = ? AND type = 'expired'`, [sid]);
  t.equal(n, 300);
});

t.test('with concurrent payments each order is paid or expired, never both, and every unit is counted', async (t) => {
  const sid = await createTestStock(mysql, { count: 60, priceCents: 5 });
  const names = buyers(60);
  const orderNos = await sellUnits(mysql, sid, names);
  const payments = await Promise.all(
    orderNos.map(async (orderNo, i) => {
      const started = await startPayment(database, { orderNo, buyer: names[i] as string });
      if (started.outcome !== 'STARTED') throw new Error(started.outcome);
      return started.payment;
    }),
  );
  await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) - INTERVAL 1 SECOND WHERE sid = ?', [sid]);
  const jobs = [job(createPool(t, url, 4), 5), job(createPool(t, url, 4), 5)];
  const [outcomes] = await Promise.all([
    Promise.all(
      payments.map(({ paymentId, orderNo }) =>
        recordPayment(database, {
          eventId: `event-${paymentId}`,
          paymentId,
          orderNo,
          amountCents: 5,
          currency: 'CNY',
        }),
      ),
    ),
    ...jobs.map(async ({ run }) => {
      while (await run());
    }),
  ]);
  while (await job().run());
  const paid = outcomes.filter(({ outcome }) => outcome === 'PAID').length;
  const refunded = outcomes.filter(({ outcome }) => outcome === 'PAYMENT_REFUNDED').length;
  t.equal(paid + refunded, 60);
  const audit = await auditStock(mysql, sid);
  t.match(audit, { sale: paid, live: paid });
  t.equal(audit.states.paid ?? 0, paid);
  t.equal(audit.states.expired ?? 0, refunded);
});

t.test('a locked stock does not delay the others', async (t) => {
  const [stuck, free] = [await createTestStock(mysql, { count: 1 }), await createTestStock(mysql, { count: 1 })];
  await sellUnits(mysql, stuck, ['ann'], OVER);
  await sellUnits(mysql, free, ['ann'], OVER);
  const holder = await mysql.transaction();
  await holder.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [stuck]);
  const failed: number[] = [];
  const onError = (sid: number) => failed.push(sid);
  t.equal(await expireOrders(database.withStatementMs(300), { onExpired: () => undefined, onError }), false);
  await holder.rollback();
  t.same(failed, [stuck]);
  t.match(await auditStock(mysql, free), { sale: 0 });
  await job().run();
  t.match(await auditStock(mysql, stuck), { sale: 0 });
});

t.test('resting stocks are not tried again at once, however many they are', async (t) => {
  const sids = await Promise.all(Array.from({ length: 101 }, () => createTestStock(mysql, { count: 1 })));
  await Promise.all(sids.map((sid) => sellUnits(mysql, sid, ['ann'], OVER)));
  await mysql.raw(`UPDATE stock SET resting = 'open' WHERE id IN (?)`, [sids]);
  const { expired, run } = job();
  t.equal(await run(), false);
  t.same(expired, []);
  await mysql.raw('UPDATE stock SET resting = NULL WHERE id IN (?)', [sids]);
  t.equal(await run(), true, 'after progress the next run follows at once');
  t.equal(await run(), false);
  t.equal(expired.length, 101);
});

t.test('due orders are found and locked by index', async (t) => {
  const [plan] = await mysql.raw(
    `EXPLAIN SELECT DISTINCT sid FROM stock_order FORCE INDEX (due) WHERE state = 'awaiting_payment' AND pay_by <= NOW(3) LIMIT 100`,
  );
  t.match(plan, [{ key: 'due', Extra: /Using index/ }]);
});
