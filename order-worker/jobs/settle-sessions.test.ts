import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { createSimulatedGateway } from '../../ci/verify/simulate/servers/gateway/simulated-gateway.ts';
import type { Database, Transaction } from '../../db/mysql/database.ts';
import { cancelOrder } from '../../db/orders/cancel-order.ts';
import { expireOrders } from '../../db/orders/expire-orders.ts';
import type { RecordedPayment } from '../../db/payments/judge-events.ts';
import { keepSession } from '../../db/payments/keep-session.ts';
import { claimSessions } from '../../db/payments/session-table.ts';
import { settlePayment } from '../../db/payments/settle-payment.ts';
import { startPayment } from '../../db/payments/start-payments.ts';
import type { PaymentGateway } from '../../proto/payments/payment-gateway.ts';
import { realClock } from '../../proto/process/clock.ts';
import { refundPayments } from './refund-payments.ts';
import { settleSessions } from './settle-sessions.ts';

const { database, mysql } = await createTestDatabase(t);
const gateway = createSimulatedGateway(Date.now);
const SESSION = { gateway: 'simulated', returnUrl: 'https://shop.example/done', leastSeconds: 30, mostSeconds: 86_400 };
const recorded: RecordedPayment[] = [];
const common = {
  database,
  logger: silentLogger,
  clock: realClock,
  random: Math.random,
  onReturn: () => undefined,
  onPayment: (payment: RecordedPayment) => recorded.push(payment),
};
const settle = (api: PaymentGateway = gateway.api) => settleSessions({ ...common, gateway: api });
const refund = () => refundPayments({ ...common, gateway: gateway.api });

async function sold(buyer = 'ann') {
  const sid = await createTestStock(mysql, { count: 1, priceCents: 1999, currency: 'EUR' });
  const [orderNo = ''] = await sellUnits(mysql, sid, [buyer]);
  return { sid, orderNo };
}

async function start(orderNo: string) {
  const started = await startPayment(database, { orderNo, buyer: 'ann', session: SESSION });
  if (started.outcome !== 'STARTED') throw new Error(started.outcome);
  return started.payment;
}

/** An order whose buyer has the payment page. */
async function opened(t: Test) {
  t.teardown(() => mysql.raw('UPDATE payment SET session_next_at = NULL, next_try_at = NULL'));
  const { sid, orderNo } = await sold();
  const { paymentId, amountCents, currency, session } = await start(orderNo);
  const { returnUrl = '', untilMs: expiresAtMs = 0 } = session ?? {};
  const request = { paymentId, orderNo, amountCents, currency, returnUrl, expiresAtMs, name: 'A lamp' };
  const { sessionId, redirectUrl } = await gateway.api.openSession(request);
  const kept = { orderNo, paymentId, sessionId: sessionId ?? '', sessionUrl: redirectUrl };
  t.match(await keepSession(database, kept), { outcome: 'KEPT', sessionUrl: redirectUrl });
  return { sid, orderNo, paymentId, kept };
}

async function expire(): Promise<string[]> {
  const givenUp: string[] = [];
  await expireOrders(database, {
    onExpired: () => undefined,
    onGivenUp: (orderNos) => givenUp.push(...orderNos),
    onError: (_, error) => t.fail(String(error)),
  });
  return givenUp;
}

const setPayBy = (orderNo: string, seconds: number) =>
  mysql.raw('UPDATE stock_order SET pay_by = NOW(3) + INTERVAL ? SECOND WHERE order_no = ?', [seconds, orderNo]);
const makeDue = (paymentId: string) =>
  mysql.raw('UPDATE payment SET session_next_at = NOW(3) WHERE payment_id = ?', [paymentId]);

async function payment(paymentId: string) {
  const [[row]] = await mysql.raw(
    `SELECT p.*, o.state AS order_state, TIMESTAMPDIFF(MICROSECOND, NOW(3), p.session_next_at) / 1000000 AS pause,
       TIMESTAMPDIFF(MICROSECOND, p.session_next_at, o.pay_by) AS before_pay_by
     FROM payment p JOIN stock_order o ON o.order_no = p.order_no WHERE payment_id = ?`,
    [paymentId],
  );
  return row as Record<string, unknown>;
}

t.test(
  'the parameters of the first call are stored, and an open session is answered without the gateway',
  async (t) => {
    const { orderNo } = await sold();
    const first = await start(orderNo);
    const other = { ...SESSION, returnUrl: 'https://shop.example/other' };
    const again = await startPayment(database, { orderNo, buyer: 'ann', session: other });
    t.match(again, { payment: { paymentId: first.paymentId, session: { returnUrl: SESSION.returnUrl }, kept: null } });
    const kept = { orderNo, paymentId: first.paymentId, sessionId: 's-1', sessionUrl: 'https://pay.example/1' };
    const both = [keepSession(database, kept), keepSession(database, { ...kept, sessionUrl: 'https://pay.example/2' })];
    const urls = (await Promise.all(both)).map((result) => (result.outcome === 'KEPT' ? result.sessionUrl : ''));
    t.equal(urls[0], urls[1], 'concurrent calls get one page');
    t.match(await start(orderNo), { paymentId: first.paymentId, kept: { sessionUrl: urls[0] } });
    await settlePayment(database, {
      gateway: 'simulated',
      paymentId: first.paymentId,
      sessionId: 's-1',
      found: { state: 'ended' },
    });
    t.not(
      (await start(orderNo)).paymentId,
      first.paymentId,
      'after the end of its session a payment is not used again',
    );
    t.match(await keepSession(database, kept), { outcome: 'PAYMENT_OVER' });
  },
);

t.test('a payment whose session was never stored is left when its life is too short for the gateway', async (t) => {
  const { orderNo } = await sold();
  const { paymentId } = await start(orderNo);
  t.equal((await start(orderNo)).paymentId, paymentId);
  await mysql.raw('UPDATE payment SET session_until = NOW(3) - INTERVAL 1 SECOND WHERE payment_id = ?', [paymentId]);
  t.not((await start(orderNo)).paymentId, paymentId);
});

t.test('a paid session whose event is lost pays the order at the next check', async (t) => {
  const { paymentId, orderNo } = await opened(t);
  const before = await payment(paymentId);
  t.ok(Number(before.pause) > 55 && Number(before.pause) <= 60, `first check in ${before.pause} s`);
  await makeDue(paymentId);
  await settle();
  const open = await payment(paymentId);
  t.match(open, { state: 'started', order_state: 'awaiting_payment', session_tries: 1 });
  t.ok(Number(open.pause) > 55, 'checked again a minute later');
  gateway.pay(paymentId);
  await makeDue(paymentId);
  await settle();
  t.match(await payment(paymentId), {
    state: 'paid',
    order_state: 'paid',
    charge_id: `charge-session-${paymentId}`,
    session_next_at: null,
  });
  const repeat = { gateway: 'simulated', paymentId, sessionId: null };
  const found = (await gateway.api.readPayment?.({ paymentId, sessionId: null, chargeId: null })) ?? {
    state: 'open' as const,
  };
  t.match(await settlePayment(database, { ...repeat, found }), {
    recorded: { outcome: 'PAID', repeatedEvent: true },
  });
  t.match(await startPayment(database, { orderNo, buyer: 'ann', session: SESSION }), { outcome: 'NOT_PAYABLE' });
  t.match(recorded, [{ outcome: 'PAID', repeatedEvent: false }]);
});

t.test('checks double, and the last is at pay_by', async (t) => {
  const { paymentId, orderNo } = await opened(t);
  await mysql.raw('UPDATE payment SET create_time = NOW(3) - INTERVAL 200 SECOND WHERE payment_id = ?', [paymentId]);
  await makeDue(paymentId);
  await settle();
  t.ok(Math.abs(Number((await payment(paymentId)).pause) - 200) < 5, 'as long as it is old');
  await setPayBy(orderNo, 30);
  await makeDue(paymentId);
  await settle();
  t.ok(Math.abs(Number((await payment(paymentId)).before_pay_by)) < 2_000_000, 'at pay_by');
});

t.test('an order waits for the end of its session and for a minute after it', async (t) => {
  const { paymentId, orderNo, sid } = await opened(t);
  const [other = ''] = await sellUnits(mysql, await createTestStock(mysql, { count: 1 }), ['bob'], -1000);
  await setPayBy(orderNo, -1);
  await makeDue(paymentId);
  t.same(await expire(), []);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 }, 'the session is open');
  const [[{ state }]] = await mysql.raw('SELECT state FROM stock_order WHERE order_no = ?', [other]);
  t.equal(state, 'expired', 'an order without a session does not wait');
  await settle();
  t.equal(gateway.accounts.get(paymentId)?.state, 'ended');
  await expire();
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 }, 'ended less than a minute ago');
  await mysql.raw('UPDATE payment SET session_ended_at = session_ended_at - INTERVAL 60 SECOND WHERE payment_id = ?', [
    paymentId,
  ]);
  await makeDue(paymentId);
  await settle();
  t.match(await payment(paymentId), { session_next_at: null, state: 'started' });
  await expire();
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
});

t.test('while the gateway is away, orders wait for 15 minutes and starve no others', async (t) => {
  const away: PaymentGateway = { ...gateway.api, endSession: () => Promise.reject(new Error('away')) };
  const { paymentId, orderNo, sid } = await opened(t);
  const more = await sellUnits(mysql, sid, []);
  t.same(more, []);
  await setPayBy(orderNo, -30);
  await makeDue(paymentId);
  await settle(away);
  const { pause } = await payment(paymentId);
  t.ok(Number(pause) > 25 && Number(pause) < 35, `asked again after as long as it is over: ${pause} s`);
  const shared = await createTestStock(mysql, { count: 3 });
  const [held = '', free = ''] = await sellUnits(mysql, shared, ['ann', 'bob'], -1000);
  await mysql.raw(
    `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state, gateway, session_id, session_next_at)
     VALUES (?, ?, 1, 'EUR', 'started', 'other', 's', NOW(3))`,
    [`pay_${held}`.slice(0, 60), held],
  );
  await setPayBy(held, -60);
  await expireOrders(database, { batch: 1, onExpired: () => undefined, onError: (_, error) => t.fail(String(error)) });
  const [[{ state }]] = await mysql.raw('SELECT state FROM stock_order WHERE order_no = ?', [free]);
  t.equal(state, 'expired', 'behind an order that waits, with batches of one');
  t.match(await auditStock(mysql, sid), { sale: 1 });
  await setPayBy(orderNo, -901);
  t.same(await expire(), [orderNo], 'given up');
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
  gateway.pay(paymentId);
  await makeDue(paymentId);
  await settle();
  await refund();
  t.match(await payment(paymentId), { state: 'refunded', order_state: 'expired', returned_cents: 1999 }, 'late money');
});

t.test('a cancelled order returns its unit at once, and its session ends at once', async (t) => {
  const { paymentId, orderNo, sid } = await opened(t);
  await cancelOrder(database, orderNo, 'ann');
  t.match(await auditStock(mysql, sid), { sale: 0 });
  await settle();
  t.equal(gateway.accounts.get(paymentId)?.state, 'ended');
  t.notOk(gateway.pay(paymentId));
});

t.test('KeepSession against expiry: a page that a buyer gets belongs to an order that waits for it', async (t) => {
  for (let i = 0; i < 30; i += 1) {
    const { orderNo, sid } = await sold();
    const { paymentId } = await start(orderNo);
    await setPayBy(orderNo, 0.005);
    const kept = { orderNo, paymentId, sessionId: `s-${i}`, sessionUrl: 'https://pay.example/x' };
    await new Promise((resolve) => setTimeout(resolve, i % 8));
    const [result] = await Promise.all([keepSession(database, kept), expire(), expire()]);
    await new Promise((resolve) => setTimeout(resolve, 6));
    await expire();
    const { sale } = await auditStock(mysql, sid);
    t.equal(sale, result.outcome === 'KEPT' ? 1 : 0, `${result.outcome} and ${sale} units`);
  }
  await mysql.raw('UPDATE payment SET session_next_at = NULL');
  await expire();
});

t.test('a session that is stored while the expiry looks for orders keeps its order', async (t) => {
  const { orderNo, sid } = await sold();
  const { paymentId } = await start(orderNo);
  await setPayBy(orderNo, 0.3);
  const [stored, committed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const storing: Database = {
    ...database,
    transaction: (work) =>
      database.transaction(async (transaction) => {
        const result = await work(transaction);
        stored.resolve();
        await committed.promise;
        return result;
      }),
  };
  const kept = { orderNo, paymentId, sessionId: 's', sessionUrl: 'https://pay.example/x' };
  const keeping = keepSession(storing, kept);
  await stored.promise;
  await waitUntil(
    'pay_by',
    async () => {
      const [[{ isOver }]] = await mysql.raw('SELECT pay_by <= NOW(3) AS isOver FROM stock_order WHERE order_no = ?', [
        orderNo,
      ]);
      if (isOver !== 1) throw new Error('not yet');
    },
    { limitMs: 5000 },
  );
  const expiring: Database = {
    ...database,
    transaction: (work) =>
      database.transaction((transaction) => {
        const rows: Transaction['rows'] = async (sql, values) => {
          if (sql.includes('SKIP LOCKED')) {
            committed.resolve();
            await keeping;
          }
          return transaction.rows(sql, values);
        };
        return work({ ...transaction, rows });
      }),
  };
  await expireOrders(expiring, { onExpired: () => undefined, onError: (_, error) => t.fail(String(error)) });
  t.match(await keeping, { outcome: 'KEPT' });
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
  await mysql.raw('UPDATE payment SET session_next_at = NULL');
  await expire();
});

t.test('money against cancellation: paid with goods, or refunded without', async (t) => {
  for (let i = 0; i < 20; i += 1) {
    const { paymentId, orderNo, sid } = await opened(t);
    gateway.pay(paymentId);
    await makeDue(paymentId);
    await Promise.all([settle(), cancelOrder(database, orderNo, 'ann'), settle()]);
    await refund();
    const row = await payment(paymentId);
    const { sale } = await auditStock(mysql, sid);
    if (row.order_state === 'paid') t.match({ ...row, sale }, { state: 'paid', sale: 1 });
    else t.match({ ...row, sale }, { state: 'refunded', order_state: 'cancelled', sale: 0 });
  }
});

t.test('two workers share the due sessions, ten at once at most', async (t) => {
  const all = [];
  for (let i = 0; i < 25; i += 1) all.push(await opened(t));
  await mysql.raw('UPDATE payment SET session_next_at = NOW(3) WHERE payment_id IN (?)', [
    all.map(({ paymentId }) => paymentId),
  ]);
  const calls = new Map<string, number>();
  let running = 0;
  let most = 0;
  const counting: PaymentGateway = {
    ...gateway.api,
    async readPayment({ paymentId }) {
      calls.set(paymentId, (calls.get(paymentId) ?? 0) + 1);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return { state: 'open' };
    },
  };
  const work = async () => {
    while (await settle(counting));
  };
  await work();
  t.ok(most <= 10, `${most} at once`);
  await mysql.raw('UPDATE payment SET session_next_at = NOW(3) WHERE payment_id IN (?)', [
    all.map(({ paymentId }) => paymentId),
  ]);
  calls.clear();
  await Promise.all([work(), work()]);
  await work();
  t.same([calls.size, Math.max(...calls.values())], [25, 1], 'each once');
});

t.test('a worker that freezes after its claim takes back nothing', async (t) => {
  const { paymentId, orderNo } = await opened(t);
  await setPayBy(orderNo, -1);
  await makeDue(paymentId);
  const frozen = await database.transaction((session) => claimSessions(session, 'simulated', 10, 30));
  t.match(frozen, [{ paymentId }]);
  await settle();
  t.match(await payment(paymentId), { session_ended_at: null, state: 'started' }, 'claimed');
  await makeDue(paymentId);
  gateway.pay(paymentId);
  await settle();
  t.match(await payment(paymentId), { state: 'paid', order_state: 'paid' });
  // What the frozen worker had read before.
  await settlePayment(database, { gateway: 'simulated', paymentId, sessionId: null, found: { state: 'ended' } });
  t.match(await payment(paymentId), { state: 'paid', order_state: 'paid', session_ended_at: null });
});

t.test('refunds at the gateway: a part is noted, the whole refunds the order once', async (t) => {
  const { paymentId, sid } = await opened(t);
  gateway.pay(paymentId);
  await makeDue(paymentId);
  await settle();
  const read = async () =>
    (await gateway.api.readPayment?.({ paymentId, sessionId: null, chargeId: null })) ?? { state: 'open' as const };
  const note = async () =>
    settlePayment(database, { gateway: 'simulated', paymentId, sessionId: null, found: await read() });
  gateway.refundByHand(paymentId, 500);
  await note();
  t.match(await payment(paymentId), { state: 'paid', order_state: 'paid', returned_cents: 500 });
  gateway.refundByHand(paymentId, 1499);
  const results = await Promise.all([note(), note(), note()]);
  t.equal(results.filter(({ units }) => units !== null).length, 1, 'one returns the unit');
  t.match(await payment(paymentId), {
    state: 'refunded',
    order_state: 'refunded',
    reason: 'refunded at the gateway',
    returned_cents: 1999,
  });
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 });
});

t.test('a refund is pending until it is made; one that is refused waits for a person', async (t) => {
  const { paymentId, orderNo } = await opened(t);
  gateway.pay(paymentId);
  await cancelOrder(database, orderNo, 'ann');
  await settle();
  gateway.refundsEnd = { state: 'pending' };
  await refund();
  const pending = await payment(paymentId);
  t.match(pending, { state: 'refund_due', refund_failure: null });
  t.ok(pending.refund_pending_at);
  gateway.refundsEnd = { state: 'failed', reason: 'the account is closed' };
  await mysql.raw('UPDATE payment SET next_try_at = NOW(3) WHERE payment_id = ?', [paymentId]);
  await refund();
  t.match(await payment(paymentId), {
    state: 'refund_due',
    refund_failure: 'the account is closed',
    next_try_at: null,
  });
  t.equal(gateway.accounts.get(paymentId)?.refunds, 1, 'created once');
  gateway.refundsEnd = { state: 'refunded' };
});
