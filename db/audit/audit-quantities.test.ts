import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { realClock } from '../../proto/process/clock.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { isInvalidOrder } from '../orders/decide-batch.ts';
import { decideOrders } from '../orders/decide-orders.ts';
import { amountDue, readOrders } from '../orders/order-table.ts';
import { startPayments } from '../payments/start-payments.ts';
import { AUDIT_STATEMENT_MS } from './audit-rules.ts';
import { auditStock } from './audit-stock.ts';

const { database, mysql } = await createTestDatabase(t);

/** Seven units: ann has 3, bob is refused 5, kim has 2 with a reference, eve has 1. */
async function sell() {
  const sid = await createTestStock(mysql, { count: 7, maxPerOrder: 5 });
  const wanted = { ann: 3, bob: 5, kim: 2, eve: 1 };
  const place = { partition: partitionOf(sid), offset: 5n, mintedAtMs: 1 };
  const orders = Object.entries(wanted).map(([buyer, quantity], index) => {
    const details = { quantity, reference: buyer === 'kim' ? 'cart-7' : null, metadata: '{"a":"b"}' };
    return { orderNo: `${sid}-${buyer}`, sid, buyer, index, ...place, ...details };
  });
  const options = { clock: realClock, random: Math.random, payWithinMs: 60_000, beforeTry: () => undefined };
  const { outcomes } = await decideOrders(database, orders, { ...options, decidedBy: 'log' });
  return { sid, outcomes };
}

async function brokenChecks(sid: number) {
  const audit = await database.withStatementMs(AUDIT_STATEMENT_MS).session((session) => auditStock(session, sid));
  return (audit?.checks ?? []).filter(({ ok }) => !ok).map(({ name }) => name);
}

async function readSale(sid: number): Promise<number> {
  const [[row]] = await mysql.raw('SELECT sale FROM stock WHERE id = ?', [sid]);
  return row.sale;
}

t.test('orders of several units are decided, kept and audited by units', async (t) => {
  const { sid, outcomes } = await sell();
  t.same(
    outcomes.map((outcome) => (isInvalidOrder(outcome) ? null : [outcome.decision, outcome.unitsLeft ?? null])),
    [
      ['CONFIRMED', null],
      ['SOLD_OUT', 4],
      ['CONFIRMED', null],
      ['CONFIRMED', null],
    ],
  );
  t.equal(await readSale(sid), 6);
  const orders = await database.session((session) => readOrders(session, [`${sid}-kim`, `${sid}-bob`]));
  t.match(
    orders.find(({ buyer }) => buyer === 'kim'),
    { quantity: 2, reference: 'cart-7', metadata: '{"a":"b"}' },
  );
  t.match(
    orders.find(({ buyer }) => buyer === 'bob'),
    { quantity: 5, state: 'sold_out', unitsLeft: 4 },
  );
  t.same(await brokenChecks(sid), []);
});

t.test('what ends returns all its units, and what is due is the price of all of them', async (t) => {
  const { sid } = await sell();
  const orderNo = `${sid}-ann`;
  const started = await database.transaction((session) => startPayments(session, [{ orderNo, buyer: 'ann' }], 'wait'));
  t.match(started, [{ outcome: 'STARTED', payment: { amountCents: 3 * 1999 } }]);
  const [order] = await database.session((session) => readOrders(session, [orderNo]));
  t.equal(order && amountDue(order), 3 * 1999);
  t.match(await cancelOrder(database, orderNo, 'ann'), { outcome: 'CHANGED', units: { sale: 3 } });
  t.equal(await readSale(sid), 3);
  t.same(await brokenChecks(sid), []);
});

for (const [what, sql, name] of [
  ['one unit of three is counted', 'UPDATE stock SET sale = 4 WHERE id = ?', 'not_oversold'],
  [
    'a refused order would have fitted',
    `UPDATE stock_order SET quantity = 1, units_left = NULL WHERE sid = ? AND buyer = 'bob'`,
    'not_undersold',
  ],
  [
    'a refusal says that more are left than it wanted',
    `UPDATE stock_order SET units_left = 5 WHERE sid = ? AND buyer = 'bob'`,
    'confirmed_rows',
  ],
] as const) {
  t.test(`the audit finds it: ${what}`, async (t) => {
    const { sid } = await sell();
    await mysql.raw(sql, [sid]);
    t.same(await brokenChecks(sid), [name]);
  });
}
