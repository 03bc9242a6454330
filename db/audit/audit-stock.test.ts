import t from 'tap';
import { createAuditedSale } from '../../ci/testing/orders/audited-sale.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { expireOrders } from '../orders/expire-orders.ts';
import { recordPayment } from '../payments/record-payments.ts';
import { refundOrder } from '../payments/refund-order.ts';
import { startPayment } from '../payments/start-payments.ts';
import { AUDIT_STATEMENT_MS } from './audit-rules.ts';
import { auditStock } from './audit-stock.ts';

const { mysql, database, run, audit, speaks, detailOf, decide, sell, pay, giveBack } = await createAuditedSale(t);

t.test('a healthy stock passes every check, with counts in the details', async (t) => {
  const sid = await sell();
  await pay(sid, 'ann');
  const { ok, checks } = await audit(sid);
  t.equal(ok, true, JSON.stringify(checks));
  t.match(checks, [
    { name: 'not_oversold', detail: '3 active orders, 3 sold, 3 units' },
    { name: 'one_live_order' },
    { name: 'confirmed_rows', detail: '3 confirmed of 7 decided orders' },
    { name: 'log_places' },
    { name: 'duplicates_point_to_orders' },
    { name: 'never_taken_back' },
    { name: 'not_undersold', detail: '3 refused, each when fewer units were left than it wanted' },
    { name: 'first_come_first_served', detail: 'the 3 winners are the first buyers of the log' },
    { name: 'events_complete' },
    { name: 'events_true' },
    { name: 'payments_settled' },
    { name: 'inside_window', detail: '3 of 3 units sold under the current window, all inside it' },
  ]);
});

t.test('a stock without orders, and one that is not sold out, pass', async (t) => {
  await speaks(t, await createTestStock(mysql));
  await speaks(t, await createTestStock(mysql, { count: 0 }));
  await speaks(t, await sell(50));
});

t.test(
  'returned units that are sold again, and decisions without the log, pass; some checks are skipped with the reason',
  async (t) => {
    const sid = await sell();
    await pay(sid, 'ann');
    for (const [buyer, state] of [
      ['ann', 'refunded'],
      ['bob', 'expired'],
      ['cid', 'cancelled'],
    ] as const) {
      await giveBack(sid, buyer, state);
    }
    await decide(sid, ['fay', 'gus'], { by: 'direct', from: 20 });
    await decide(sid, ['bob', 'hal'], { from: 30 });
    await speaks(t, sid);
    const { ok, checks } = await audit(sid);
    const skipped = checks.filter(({ result }) => result === 'left_out');
    t.equal(ok, true, 'a skipped check is not broken');
    t.same(
      skipped.map(({ name, detail }) => [name, detail]),
      ['not_undersold', 'first_come_first_served'].map((name) => [name, 'not checked: 3 units were returned']),
    );
    t.ok(checks.every((check) => check.result === 'holds' || skipped.includes(check)));

    const direct = await createTestStock(mysql, { count: 2 });
    await decide(direct, ['ann', 'bob'], { by: 'direct' });
    await decide(direct, ['cid'], { from: 3 });
    await speaks(t, direct);
    t.equal(await detailOf(direct, 'not_undersold'), '1 refused, and 2 of 2 units were taken');
    t.equal(await detailOf(direct, 'first_come_first_served'), 'not checked: 2 orders were not decided by the log');

    const added = await sell();
    await run(
      'UPDATE stock SET count = count + 1, units_changed_at = NOW(3), version = version + 1 WHERE id = ?',
      added,
    );
    await speaks(t, added);
    t.equal(await detailOf(added, 'first_come_first_served'), 'not checked: units were added or removed');
  },
);

t.test('orders after payment, refund, cancellation and expiry pass', async (t) => {
  const sid = await createTestStock(mysql, { count: 4 });
  const sold = await sellUnits(mysql, sid, ['ann', 'bob', 'cid']);
  const [paid = '', refunded = '', cancelled = ''] = sold;
  for (const [i, orderNo] of [paid, refunded].entries()) {
    const started = await startPayment(database, { orderNo, buyer: i === 0 ? 'ann' : 'bob' });
    if (started.outcome !== 'STARTED') throw new Error(started.outcome);
    await recordPayment(database, { ...started.payment, eventId: `event-${orderNo}` });
  }
  t.match(await refundOrder(database, refunded, 'broken'), { outcome: 'CHANGED' });
  t.match(await cancelOrder(database, cancelled, 'cid'), { outcome: 'CHANGED' });
  await sellUnits(mysql, sid, ['dan'], -1);
  await expireOrders(database, {
    onExpired: () => undefined,
    onError: (_sid, error) => t.error(error),
  });
  await sellUnits(mysql, sid, ['bob', 'eve', 'fay', 'gus']);
  await speaks(t, sid);
  t.equal(await detailOf(sid, 'first_come_first_served'), 'not checked: 3 units were returned');
});

t.test('purged events are not missing', async (t) => {
  const sid = await sell();
  await run('UPDATE stock_order SET create_time = create_time - INTERVAL 8 DAY WHERE sid = ?', sid);
  await run('DELETE FROM order_event WHERE sid = ?', sid);
  await speaks(t, sid);
});

t.test('ladder orders have no events and no time to pay', async (t) => {
  const sid = await createTestStock(mysql, { count: 1, kind: 'ladder' });
  await run(
    `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by) VALUES (?, ?, ?, '', 'awaiting_payment', 0, 'ladder')`,
    ...[`${sid}-x`, sid, `${sid}-x`],
  );
  await run('UPDATE stock SET sale = 1 WHERE id = ?', sid);
  await speaks(t, sid);
});

t.test('an unknown stock has no audit', async (t) => {
  t.equal(
    await database.withStatementMs(AUDIT_STATEMENT_MS).session((session) => auditStock(session, 1_234_567)),
    null,
  );
});

t.test('the whole audit reads one snapshot, and restores the session', async (t) => {
  const sid = await sell(50);
  const seen: unknown[] = [];
  await database.withStatementMs(AUDIT_STATEMENT_MS).session(async (session) => {
    let statements = 0;
    const rows = async <Row>(sql: string, values?: unknown[]): Promise<Row[]> => {
      // Orders continue during the audit.
      await decide(sid, [`x${statements}`], { from: 100 + statements });
      statements += 1;
      return session.rows<Row>(sql, values);
    };
    seen.push((await auditStock({ ...session, rows }, sid))?.checks[0]?.detail);
    seen.push(await session.rows('SELECT sale FROM stock WHERE id = ?', [sid]));
    await decide(sid, ['late'], { from: 500 });
    seen.push(await session.rows('SELECT sale FROM stock WHERE id = ?', [sid]));
    t.ok(statements > 5);
    t.same(seen, ['6 active orders, 6 sold, 50 units', [{ sale: 6 + statements }], [{ sale: 7 + statements }]]);
  });
});
