import type { Test } from 'tap';
import { createGateway } from '../../../proto/payments/configured/create-gateway.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { auditSystem } from '../../ops/audit/audit-system.ts';
import { readConfig } from '../../ops/reconcile/config.ts';
import { reconcilePayments } from '../../ops/reconcile/reconcile-payments.ts';
import { createSeededRandom, type Random } from '../../verify/simulate/world/seeded-random.ts';
import { bearer, testEnvironment } from '../clients/create-token.ts';
import { type GatewayFault, gatewayFaults } from '../gateways/gateway-faults.ts';
import { startTestGateway, type TestGateway } from '../gateways/start-test-gateway.ts';
import { createTestStock } from '../orders/create-test-stock.ts';
import { waitForDrain } from '../orders/wait-for-drain.ts';
import { createTestServers, type TestServers } from '../servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../servers/start-test-system.ts';
import { deliverEvents } from './deliver-events.ts';
import { passTime } from './pass-time.ts';
import { createPayingBuyers, type PayingBuyer, plans } from './paying-buyers.ts';

// A sale that is paid through each gateway, on a consumer, a provider, an order-worker, MariaDB, Redis and Kafka, while events are lost,
// repeated and reordered, answers are lost, calls fail, and the gateway is away when the deadline comes.
// PAID_SALE_SEED=n chooses another run.

const PRICE_CENTS = 1999;
const BUYERS = 20;
const PAY_WITHIN_SECONDS = 900;
const STEP_SECONDS = 20;
const LIMIT_MS = 45_000;

/** A call that is never answered costs its caller 2 to 4 s: few of them. */
function chooseFaults(random: Random): () => GatewayFault | null {
  const quick = gatewayFaults.filter((fault) => fault !== 'silent');
  return () => {
    if (random.chance(0.005)) return 'silent';
    return random.chance(0.15) ? random.pick(quick) : null;
  };
}

async function startSystem(t: Test, servers: TestServers, gateway: TestGateway): Promise<string> {
  const provider = await startTestProvider(t, servers);
  const payWithin = { PAY_WITHIN: String(PAY_WITHIN_SECONDS) };
  await startTestWorker(t, servers, Object.assign(payWithin, gateway.settings));
  return startTestConsumer(t, servers, [provider], Object.assign({}, gateway.settings, gateway.eventSettings));
}

/** Payments and orders that wait for something, and those of them that a job can settle now. */
async function countOpen({ mysql }: TestServers): Promise<{ open: number; due: number }> {
  const count = async (sql: string) => Number((await mysql.raw(`SELECT COUNT(*) AS n FROM ${sql}`))[0][0].n);
  const payments = `payment WHERE (session_next_at IS NOT NULL OR state = 'refund_due')`;
  const orders = `stock_order WHERE state = 'awaiting_payment'`;
  const session = `SELECT 1 FROM payment WHERE payment.order_no = stock_order.order_no AND session_next_at IS NOT NULL`;
  return {
    open: (await count(payments)) + (await count(orders)),
    due:
      (await count(`${payments} AND (session_next_at <= NOW(3) OR next_try_at <= NOW(3))`)) +
      (await count(`${orders} AND pay_by <= NOW(3) AND NOT EXISTS (${session})`)),
  };
}

/** Runs the sale and asserts that it is right. */
export async function testPaidSale(t: Test, name: 'http' | 'stripe', seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const servers = await createTestServers(t);
  const { mysql, topics, mysqlUrl } = servers;
  let url = '';
  let passedMs = 0;
  const gateway = await startTestGateway(
    name,
    () => url,
    () => Date.now() + passedMs,
  );
  t.teardown(() => gateway.close());
  url = await startSystem(t, servers, gateway);
  const buyers = createPayingBuyers(url, gateway, random);
  const wait = async (seconds: number) => {
    passedMs += seconds * 1000;
    await passTime(mysql, seconds);
  };

  const sid = await createTestStock(mysql, { count: BUYERS, priceCents: PRICE_CENTS, currency: 'EUR' });
  const orders = await Promise.all(Array.from({ length: BUYERS }, (_, index) => buyers.order(sid, `buyer-${index}`)));
  // Each plan at least once, and more payments than are refunded below.
  const fixed = [...plans, ...Array.from({ length: 4 }, () => 'pays' as const)];
  for (const [index, plan] of fixed.entries()) (orders[index] as PayingBuyer).plan = plan;
  await waitForDrain(topics);

  gateway.faults.choose(chooseFaults(random));
  await Promise.all(orders.map(buyers.act));
  await deliverEvents(gateway, random);
  // Keys of idempotency vanish; an administrator refunds an order, and a person another one at the gateway.
  gateway.forgetKeys();
  const paid = gateway.readMoney();
  if (paid[0]) gateway.refundByHand(paid[0].paymentId, PRICE_CENTS);
  for (const order of orders.filter(({ plan }) => plan === 'pays').slice(0, 2)) {
    const path = `${url}/api/v1/admin/orders/${order.orderNo}/refunds`;
    const headers = Object.assign({ 'content-type': 'application/json' }, bearer('boss', { roles: ['admin'] }));
    await fetch(path, { method: 'POST', headers, body: JSON.stringify({ reason: 'a wish' }) });
  }
  await deliverEvents(gateway, random);
  // Events that are lost for good are not needed.
  await waitUntil('all payments to be reconciled', () => reconcile(t, servers, gateway), { limitMs: LIMIT_MS });
  for (const order of orders.filter(({ plan }) => plan.startsWith('pays') && plan !== 'pays late')) {
    t.match(await buyers.readState(order), /^(paid|refunded|cancelled)$/, `${order.name}, who ${order.plan}`);
  }

  // The gateway is away at the deadline.
  gateway.faults.setAway(true);
  await wait(PAY_WITHIN_SECONDS);
  await deliverEvents(gateway, random);
  for (const order of orders) if (random.chance(0.5)) buyers.actLate(order);
  gateway.faults.setAway(false);
  for (const order of orders) buyers.actLate(order);
  await deliverEvents(gateway, random);

  // Until every session has ended, every refund is made and every order is paid or over. Time passes when no job has anything to do.
  await waitUntil(
    'everything to be settled',
    async () => {
      await deliverEvents(gateway, random);
      const { open, due } = await countOpen(servers);
      if (open === 0) return;
      if (due === 0) await wait(STEP_SECONDS);
      throw new Error(`${open} payments and orders are open, and ${due} of them due`);
    },
    { limitMs: LIMIT_MS },
  );
  gateway.faults.choose(null);
  await reconcile(t, servers, gateway);

  await checkMoney(t, gateway, orders, buyers.readState);
  t.same(gateway.violations, [], 'each call is as docs/payment-service.openapi.json describes it');
  const { ORDER_RECORD_KEY: orderRecordKey } = testEnvironment;
  const addresses = { mysqlUrl, kafkaBrokers: topics.brokers, topicPrefix: topics.prefix, orderRecordKey };
  const audit = await auditSystem(addresses, sid);
  t.same(
    audit.stocks.flatMap(({ checks }) => checks).filter(({ ok }) => !ok),
    [],
  );
  t.ok(audit.ok);
}

/** Asks about every payment in doubt. Throws if something is left. */
async function reconcile(t: Test, { database }: TestServers, { settings }: TestGateway): Promise<void> {
  const config = readConfig(Object.assign({ NODE_ENV: 'test' }, settings));
  const gateway = await createGateway(config);
  if (!gateway) throw new Error('no gateway');
  const limits = { limit: 1000, untilMs: performance.now() + LIMIT_MS };
  const calls = { shouldStop: () => false, onProgress: () => undefined };
  const { payments, complete } = await reconcilePayments({ database, gateway, ...limits, ...calls });
  const problems = payments.flatMap(({ paymentId, problem }) => (problem ? [`${paymentId}: ${problem}`] : []));
  if (!complete || problems.length > 0) throw new Error(problems.join(', '));
  t.pass(`${payments.length} payments were in doubt`);
}

/** Every order is paid once or has its money back, and no refund was made twice. */
async function checkMoney(
  t: Test,
  gateway: TestGateway,
  orders: PayingBuyer[],
  readState: (buyer: PayingBuyer) => Promise<string>,
): Promise<void> {
  const money = gateway.readMoney();
  for (const { paymentId, amountCents, refundedCents, refunds } of money) {
    t.equal(amountCents, PRICE_CENTS);
    t.ok(refundedCents === 0 || refundedCents === amountCents, `${paymentId} is kept, or refunded as a whole`);
    t.equal(refunds, refundedCents === 0 ? 0 : 1, `${paymentId} has one refund at most`);
  }
  const counts: Record<string, number> = {};
  for (const order of orders) {
    const state = await readState(order);
    counts[state] = (counts[state] ?? 0) + 1;
    const kept = money.filter(({ orderNo, refundedCents }) => orderNo === order.orderNo && refundedCents === 0);
    t.equal(kept.length, state === 'paid' ? 1 : 0, `${order.name}, who ${order.plan}: ${state}`);
  }
  t.comment(JSON.stringify(counts));
  for (const state of ['paid', 'refunded', 'cancelled', 'expired']) t.ok(counts[state], `some orders are ${state}`);
}
