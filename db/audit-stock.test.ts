import t, { type Test } from 'tap';
import { makeStock } from '../ci/testing/make-stock.ts';
import { openTestDatabase } from '../ci/testing/open-test-database.ts';
import { sellUnits } from '../ci/testing/sell-units.ts';
import { realClock } from '../proto/clock.ts';
import { partitionOf } from '../proto/partition-of.ts';
import { AUDIT_STATEMENT_MS } from './audit-rules.ts';
import { auditStock, type StockAudit } from './audit-stock.ts';
import { cancelOrder } from './cancel-order.ts';
import { decideOrders, type PendingOrder } from './decide-orders.ts';
import { expireOrders } from './expire-orders.ts';
import { mysqlOrderStore } from './mysql-order-store.ts';
import type { DecidedBy } from './order-table.ts';
import { recordPayment } from './record-payment.ts';
import { refundOrder } from './refund-order.ts';
import { startPayment } from './start-payment.ts';
import { useSession } from './use-session.ts';

const { mysql } = await openTestDatabase(t);
const store = mysqlOrderStore(mysql, 5000);
// What the database itself forbids is to be seen by the audit too: a migration gone wrong may have lost these.
await mysql.raw('ALTER TABLE stock DROP CONSTRAINT stock_not_oversold');
await mysql.raw('ALTER TABLE stock_order DROP INDEX one_live_order');

const run = (sql: string, ...values: (string | number | null)[]) => mysql.raw(sql, values);

async function audit(sid: number): Promise<StockAudit> {
  const result = await useSession(mysql, AUDIT_STATEMENT_MS, (session) => auditStock(session, sid));
  if (!result) throw new Error('no such stock');
  return result;
}

const breachesOf = ({ checks }: StockAudit) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

/** Each sees exactly these checks fail, and `ok` with them. */
async function speaks(t: Test, sid: number, ...names: string[]): Promise<void> {
  const result = await audit(sid);
  t.same(breachesOf(result), names, JSON.stringify(result.checks.filter(({ ok }) => !ok)));
  t.equal(result.ok, names.length === 0);
}

async function detailOf(sid: number, name: string): Promise<string | undefined> {
  return (await audit(sid)).checks.find((check) => check.name === name)?.detail;
}

async function decide(sid: number, buyers: string[], options: { by?: DecidedBy; from?: number } = {}): Promise<void> {
  const { by = 'log', from = 0 } = options;
  const place = (i: number) =>
    by === 'log' ? { partition: partitionOf(sid), offset: BigInt(from + i) } : { partition: null, offset: null };
  const orders = buyers.map(
    (buyer, i): PendingOrder => ({
      ...{ orderNo: `${sid}-${buyer}-${from + i}`, sid, buyer, mintedAtMs: Date.now() },
      ...place(i),
    }),
  );
  await decideOrders(store, orders, {
    ...{ clock: realClock, random: Math.random, decidedBy: by, payWithinMs: 900_000 },
    beforeTry: () => undefined,
  });
}

const CROWD = ['ann', 'bob', 'ann', 'cid', 'Bob', 'dan', 'eve'];

/** Three units and a crowd: ann, bob and cid win, ann's second is a duplicate, the others are refused. */
async function sell(count = 3): Promise<number> {
  const sid = await makeStock(mysql, { count });
  await decide(sid, CROWD);
  return sid;
}

const no = (sid: number, buyer: string) => `${sid}-${buyer}-${CROWD.indexOf(buyer)}`;

function addEvent(sid: number, buyer: string, type: string) {
  return run(
    'INSERT INTO order_event (order_no, type, sid, buyer, price_cents) VALUES (?, ?, ?, ?, 1999)',
    ...[no(sid, buyer), type, sid, buyer],
  );
}

async function pay(sid: number, buyer: string, state = 'paid'): Promise<void> {
  await run(
    `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state, paid_cents, paid_currency, paid_at, refunded_at)
     VALUES (?, ?, 1999, 'CNY', ?, 1999, 'CNY', NOW(3), CASE WHEN ? = 'refunded' THEN NOW(3) END)`,
    ...[`pay-${no(sid, buyer)}`, no(sid, buyer), state, state],
  );
  if (state !== 'paid') return;
  await run(`UPDATE stock_order SET state = 'paid', paid_at = NOW(3) WHERE order_no = ?`, no(sid, buyer));
  await addEvent(sid, buyer, 'paid');
}

/** As the transactions that give a unit back leave the rows. */
async function giveBack(sid: number, buyer: string, state: 'expired' | 'cancelled' | 'refunded'): Promise<void> {
  const due = state === 'expired' ? ', pay_by = NOW(3)' : '';
  await run('UPDATE stock SET sale = sale - 1, version = version + 1 WHERE id = ?', sid);
  await run(`UPDATE stock_order SET state = ?, ended_at = NOW(3)${due} WHERE order_no = ?`, state, no(sid, buyer));
  if (state === 'refunded') await run(`UPDATE payment SET state = 'refund_due' WHERE order_no = ?`, no(sid, buyer));
  await addEvent(sid, buyer, state);
}

t.test('a healthy stock passes every check, and says what was counted', async (t) => {
  const sid = await sell();
  await pay(sid, 'ann');
  const { ok, checks } = await audit(sid);
  t.equal(ok, true, JSON.stringify(checks));
  t.match(checks, [
    { name: 'not_oversold', detail: '3 live orders, 3 sold, 3 units' },
    { name: 'one_live_order' },
    { name: 'confirmed_rows', detail: '3 confirmed of 7 decided orders' },
    { name: 'log_places' },
    { name: 'duplicates_point_to_orders' },
    { name: 'never_taken_back' },
    { name: 'not_undersold', detail: '3 refused, each after all 3 units were taken' },
    { name: 'first_come_first_served', detail: 'the 3 winners are the first buyers of the log' },
    { name: 'events_complete' },
    { name: 'events_true' },
    { name: 'payments_settled' },
  ]);
});

t.test('a stock that nobody has bought from, and one that is not sold out, pass', async (t) => {
  await speaks(t, await makeStock(mysql));
  await speaks(t, await makeStock(mysql, { count: 0 }));
  await speaks(t, await sell(50));
});

t.test(
  'returned units, sold again and decided without the log: all passes, and what is left out says so',
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
    t.equal(await detailOf(sid, 'not_undersold'), 'left out: 3 units were returned');
    t.equal(await detailOf(sid, 'first_come_first_served'), 'left out: 3 units were returned');

    const direct = await makeStock(mysql, { count: 2 });
    await decide(direct, ['ann', 'bob'], { by: 'direct' });
    await decide(direct, ['cid'], { from: 3 });
    await speaks(t, direct);
    t.equal(await detailOf(direct, 'not_undersold'), '1 refused, and all 2 units were taken');
    t.equal(await detailOf(direct, 'first_come_first_served'), 'left out: 2 orders were not decided by the log');

    const added = await sell();
    await run(
      'UPDATE stock SET count = count + 1, units_changed_at = NOW(3), version = version + 1 WHERE id = ?',
      added,
    );
    await speaks(t, added);
    t.equal(await detailOf(added, 'first_come_first_served'), 'left out: units were added or taken away');
  },
);

t.test('what payment, refund, cancellation and expiry leave behind passes', async (t) => {
  const sid = await makeStock(mysql, { count: 4 });
  const sold = await sellUnits(mysql, sid, ['ann', 'bob', 'cid']);
  const [paid = '', refunded = '', cancelled = ''] = sold;
  for (const [i, orderNo] of [paid, refunded].entries()) {
    const started = await startPayment(mysql, 5000, orderNo, i === 0 ? 'ann' : 'bob');
    if (started.outcome !== 'STARTED') throw new Error(started.outcome);
    await recordPayment(mysql, 5000, { ...started.payment, eventId: `event-${orderNo}` });
  }
  t.match(await refundOrder(mysql, 5000, refunded, 'broken'), { outcome: 'CHANGED' });
  t.match(await cancelOrder(mysql, 5000, cancelled, 'cid'), { outcome: 'CHANGED' });
  await sellUnits(mysql, sid, ['dan'], -1);
  await expireOrders(mysql, {
    statementMs: 5000,
    onExpired: () => undefined,
    onError: (_sid, error) => t.error(error),
  });
  await sellUnits(mysql, sid, ['bob', 'eve', 'fay', 'gus']);
  await speaks(t, sid);
  t.equal(await detailOf(sid, 'first_come_first_served'), 'left out: 3 units were returned');
});

t.test('events that the purge has taken are not missed', async (t) => {
  const sid = await sell();
  await run('UPDATE stock_order SET create_time = create_time - INTERVAL 8 DAY WHERE sid = ?', sid);
  await run('DELETE FROM order_event WHERE sid = ?', sid);
  await speaks(t, sid);
});

t.test("the ladder's orders have no events and no time to pay", async (t) => {
  const sid = await makeStock(mysql, { count: 1, kind: 'ladder' });
  await run(
    `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by) VALUES (?, ?, ?, '', 'awaiting_payment', 0, 'ladder')`,
    ...[`${sid}-x`, sid, `${sid}-x`],
  );
  await run('UPDATE stock SET sale = 1 WHERE id = ?', sid);
  await speaks(t, sid);
});

t.test('there is no audit of a stock that is not there', async (t) => {
  t.equal(await useSession(mysql, AUDIT_STATEMENT_MS, (session) => auditStock(session, 1_234_567)), null);
});

t.test('the whole audit sees one moment, and leaves the session as it was', async (t) => {
  const sid = await sell(50);
  const seen: unknown[] = [];
  await useSession(mysql, AUDIT_STATEMENT_MS, async (session) => {
    let statements = 0;
    const rows = async <Row>(sql: string, values?: unknown[]): Promise<Row[]> => {
      // A sale goes on beside the audit.
      await decide(sid, [`x${statements}`], { from: 100 + statements });
      statements += 1;
      return session.rows<Row>(sql, values);
    };
    seen.push((await auditStock({ ...session, rows }, sid))?.checks[0]?.detail);
    seen.push(await session.rows('SELECT sale FROM stock WHERE id = ?', [sid]));
    await decide(sid, ['late'], { from: 500 });
    seen.push(await session.rows('SELECT sale FROM stock WHERE id = ?', [sid]));
    t.ok(statements > 5);
    t.same(seen, ['6 live orders, 6 sold, 50 units', [{ sale: 6 + statements }], [{ sale: 7 + statements }]]);
  });
});

const STRAY = `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by, pay_by)
  SELECT CONCAT(id, '-stray'), id, ?, '', 'awaiting_payment', 1999, 'direct', NOW(3) FROM stock WHERE id = ?`;
const STRAY_EVENT = `INSERT INTO order_event (order_no, type, sid, buyer, price_cents)
  SELECT CONCAT(id, '-stray'), 'confirmed', id, ?, 1999 FROM stock WHERE id = ?`;

const corruptions: Record<string, { corrupt: (sid: number) => Promise<unknown>; speaks: string[] }> = {
  'a live order that nobody counted': {
    corrupt: async (sid) => [await run(STRAY, 'zoe', sid), await run(STRAY_EVENT, 'zoe', sid)],
    speaks: ['not_oversold'],
  },
  'more units sold than there are': {
    corrupt: async (sid) => [
      await run(STRAY, 'zoe', sid),
      await run(STRAY_EVENT, 'zoe', sid),
      await run('UPDATE stock SET sale = sale + 1 WHERE id = ?', sid),
    ],
    speaks: ['not_oversold'],
  },
  'a unit that was lost': {
    corrupt: (sid) => run('UPDATE stock SET sale = sale - 1 WHERE id = ?', sid),
    speaks: ['not_oversold'],
  },
  'a second live order of a buyer': {
    corrupt: async (sid) => [
      await run(STRAY, 'ann', sid),
      await run(STRAY_EVENT, 'ann', sid),
      await run('UPDATE stock SET sale = sale + 1, count = count + 1 WHERE id = ?', sid),
    ],
    speaks: ['one_live_order'],
  },
  'a paid order without a payment': {
    corrupt: async (sid) => [
      await pay(sid, 'ann'),
      await run('DELETE FROM payment WHERE order_no = ?', no(sid, 'ann')),
    ],
    speaks: ['confirmed_rows'],
  },
  'an expired order that does not say when': {
    corrupt: async (sid) => [
      await giveBack(sid, 'ann', 'expired'),
      await run('UPDATE stock_order SET ended_at = NULL WHERE order_no = ?', no(sid, 'ann')),
    ],
    speaks: ['confirmed_rows'],
  },
  'a refunded order whose money does not go back': {
    corrupt: async (sid) => [
      await pay(sid, 'ann'),
      await giveBack(sid, 'ann', 'refunded'),
      await run('DELETE FROM payment WHERE order_no = ?', no(sid, 'ann')),
    ],
    speaks: ['confirmed_rows'],
  },
  'a state that does not exist': {
    corrupt: async (sid) => {
      await run('ALTER TABLE stock_order MODIFY state VARCHAR(20) NOT NULL');
      await run(`UPDATE stock_order SET state = 'lost' WHERE order_no = ?`, no(sid, 'eve'));
    },
    speaks: ['confirmed_rows'],
  },
  'a log decision at no place of the log': {
    corrupt: (sid) => run('UPDATE stock_order SET log_partition = NULL WHERE order_no = ?', no(sid, 'eve')),
    speaks: ['log_places', 'not_undersold', 'first_come_first_served'],
  },
  'an order on another partition': {
    corrupt: (sid) =>
      run('UPDATE stock_order SET log_partition = MOD(log_partition + 1, 8) WHERE sid = ? AND log_offset = 6', sid),
    speaks: ['log_places'],
  },
  'two orders of one record': {
    corrupt: (sid) => run('UPDATE stock_order SET log_offset = 6 WHERE order_no = ?', no(sid, 'dan')),
    speaks: ['log_places'],
  },
  'a duplicate of nothing': {
    corrupt: (sid) => run(`UPDATE stock_order SET live_order_no = 'x' WHERE sid = ? AND state = 'duplicate'`, sid),
    speaks: ['duplicates_point_to_orders'],
  },
  'a duplicate of a stranger’s order': {
    corrupt: (sid) =>
      run(`UPDATE stock_order SET live_order_no = ? WHERE sid = ? AND state = 'duplicate'`, no(sid, 'bob'), sid),
    speaks: ['duplicates_point_to_orders'],
  },
  'a confirmed order whose row is gone': {
    corrupt: async (sid) => [
      await run('DELETE FROM stock_order WHERE order_no = ?', no(sid, 'cid')),
      await run('UPDATE stock SET sale = sale - 1, count = count - 1 WHERE id = ?', sid),
    ],
    speaks: ['never_taken_back'],
  },
  'an order that expired before its time': {
    corrupt: async (sid) => [
      await giveBack(sid, 'cid', 'expired'),
      await run('UPDATE stock_order SET pay_by = NOW(3) + INTERVAL 1 MINUTE WHERE order_no = ?', no(sid, 'cid')),
    ],
    speaks: ['never_taken_back'],
  },
  'a refusal while a unit was left, in a stock that is sold out now': {
    // dan, refused, was there before cid. Who won is then wrong as well.
    corrupt: async (sid) => [await run('UPDATE stock_order SET log_offset = 100 WHERE order_no = ?', no(sid, 'cid'))],
    speaks: ['not_undersold', 'first_come_first_served'],
  },
  'refusals while units are left': {
    corrupt: (sid) => run('UPDATE stock SET count = count + 1 WHERE id = ?', sid),
    speaks: ['not_undersold', 'first_come_first_served'],
  },
  'refusals while units are left, decided without the log': {
    corrupt: async (sid) => [
      await run(
        `UPDATE stock_order SET decided_by = 'direct', log_partition = NULL, log_offset = NULL WHERE sid = ?`,
        sid,
      ),
      await run('UPDATE stock SET count = count + 1 WHERE id = ?', sid),
    ],
    speaks: ['not_undersold'],
  },
  'a buyer who won with a later order than the first': {
    corrupt: async (sid) => [
      await run('UPDATE stock_order SET log_offset = 100 WHERE sid = ? AND log_offset = 2', sid),
      await run('UPDATE stock_order SET log_offset = 2 WHERE sid = ? AND log_offset = 0', sid),
      await run('UPDATE stock_order SET log_offset = 0 WHERE sid = ? AND log_offset = 100', sid),
    ],
    speaks: ['first_come_first_served'],
  },
  'a confirmation that no other system will hear of': {
    corrupt: (sid) => run('DELETE FROM order_event WHERE order_no = ?', no(sid, 'bob')),
    speaks: ['events_complete'],
  },
  'a cancellation without its event': {
    corrupt: async (sid) => [
      await giveBack(sid, 'bob', 'cancelled'),
      await run(`DELETE FROM order_event WHERE order_no = ? AND type = 'cancelled'`, no(sid, 'bob')),
    ],
    speaks: ['events_complete'],
  },
  'an event at another price': {
    corrupt: (sid) => run('UPDATE order_event SET price_cents = 1 WHERE order_no = ?', no(sid, 'bob')),
    speaks: ['events_complete'],
  },
  'an event of something that did not happen': {
    corrupt: (sid) => addEvent(sid, 'bob', 'expired'),
    speaks: ['events_true'],
  },
  'a sold-out answer taken back': {
    corrupt: (sid) => addEvent(sid, 'eve', 'confirmed'),
    speaks: ['never_taken_back', 'events_true'],
  },
  'money kept for an order that has expired': {
    corrupt: async (sid) => [await giveBack(sid, 'bob', 'expired'), await payLate(sid, 'bob')],
    speaks: ['payments_settled'],
  },
  'an order that was paid twice': {
    corrupt: async (sid) => [
      await pay(sid, 'bob'),
      await run(`UPDATE payment SET payment_id = CONCAT(payment_id, '-1') WHERE order_no = ?`, no(sid, 'bob')),
      await payLate(sid, 'bob'),
    ],
    speaks: ['payments_settled'],
  },
  'an order that was paid too little': {
    corrupt: async (sid) => [
      await pay(sid, 'bob'),
      await run('UPDATE payment SET paid_cents = 1 WHERE order_no = ?', no(sid, 'bob')),
    ],
    speaks: ['payments_settled'],
  },
};

/** A payment alone, as if the order had not been looked at. */
function payLate(sid: number, buyer: string) {
  return run(
    `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state, paid_cents, paid_currency, paid_at)
     VALUES (?, ?, 1999, 'CNY', 'paid', 1999, 'CNY', NOW(3))`,
    ...[`late-${no(sid, buyer)}`, no(sid, buyer)],
  );
}

for (const [what, { corrupt, speaks: names }] of Object.entries(corruptions)) {
  t.test(`the audit sees ${what}`, async (t) => {
    const sid = await sell();
    const healthy = await sell();
    await speaks(t, sid);
    await corrupt(sid);
    await speaks(t, sid, ...names);
    await speaks(t, healthy);
  });
}
