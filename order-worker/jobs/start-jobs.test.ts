import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import kafkajs from 'kafkajs';
import type { Knex } from 'knex';
import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { testEnvironment } from '../../ci/testing/clients/create-token.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { checkTopicEvents } from '../../ci/testing/orders/check-events.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestProxy } from '../../ci/testing/servers/test-proxy.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { connectMysql } from '../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../db/mysql/database.ts';
import { cancelOrder } from '../../db/orders/cancel-order.ts';
import { recordPayment } from '../../db/payments/record-payments.ts';
import { startPayment } from '../../db/payments/start-payments.ts';
import { connectRedis } from '../../db/redis/connect-redis.ts';
import { startAppender } from '../../proto/kafka/kafka.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { isSigned } from '../../proto/messages/sign-webhook.ts';
import { createMetrics } from '../../proto/metrics/metrics.ts';
import { createGateway } from '../../proto/payments/configured/create-gateway.ts';
import { readConfig } from '../config.ts';
import { startJobs } from './start-jobs.ts';

const servers = await createTestServers(t);
const { mysql, database, topics } = servers;

/** The jobs of a worker without its consumer. */
async function startTestJobs(t: Test, brokers = topics.brokers, settings: Record<string, string> = {}) {
  const env = { ...testEnvironment, MYSQL_URL: servers.mysqlUrl, REDIS_URL: servers.redisUrl, KAFKA_BROKERS: brokers };
  const config = readConfig({ ...env, GATEWAY: 'off', ...settings });
  const connect = () =>
    connectMysql({ url: servers.mysqlUrl, maxConnections: 4, acquireDeadlineMs: 5000, idleSeconds: 3 });
  const [pool, paymentPool] = [connect(), connect()];
  const redis = connectRedis(config, silentLogger);
  const log = startAppender({ brokers: brokers.split(','), clientId: 'test', logger: silentLogger });
  const { orders: orderTopic, orderEvents: eventTopic } = topics.names;
  const metrics = createMetrics('order-worker');
  const jobs = startJobs({
    offers: null,
    audit: { auditDatabase: database, everySeconds: 0 },
    gateway: await createGateway(config),
    database: createDatabase({ mysql: pool, statementMs: config.MYSQL_STATEMENT_MS }),
    paymentDatabase: createDatabase({ mysql: paymentPool, statementMs: config.MYSQL_STATEMENT_MS }),
    redis,
    cooldowns: null,
    log,
    orderTopic,
    eventTopic,
    metrics,
    logger: silentLogger,
  });
  t.teardown(async () => {
    await jobs.close();
    await log.close();
    await Promise.all([pool.destroy(), paymentPool.destroy()]);
    redis.destroy();
  });
  return { metrics, pool, paymentPool };
}

type Received = { partition: number; key: string; headers: Record<string, string>; event: Record<string, unknown> };

const received: Received[] = [];
const consumer = new kafkajs.Kafka({
  brokers: topics.target.brokers,
  clientId: 'listener',
  logLevel: kafkajs.logLevel.NOTHING,
}).consumer({ groupId: `${topics.prefix}listener`, maxWaitTimeInMs: 50 });
t.before(async () => {
  await consumer.connect();
  await consumer.subscribe({ topic: topics.names.orderEvents, fromBeginning: true });
  await consumer.run({
    async eachMessage({ partition, message }) {
      const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([k, v]) => [k, String(v)]));
      received.push({ partition, key: String(message.key), headers, event: JSON.parse(String(message.value)) });
    },
  });
});
t.teardown(() => consumer.disconnect());

const unpublished = async () => {
  const [[row]] = await mysql.raw('SELECT COUNT(*) AS n FROM order_event WHERE published_at IS NULL');
  return row.n as number;
};
const receivedOf = (orderNo: string) => received.filter(({ key }) => key === orderNo);

t.test('order events are on the topic: CloudEvents, by stock, in order', async (t) => {
  await startTestJobs(t);
  const sid = await createTestStock(mysql, { count: 5, priceCents: 1999, currency: 'EUR' });
  const [cancelled = '', expired = ''] = await sellUnits(mysql, sid, ['ann', 'bob']);
  await cancelOrder(database, cancelled, 'ann');
  await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) WHERE order_no = ?', [expired]);
  await waitUntil(
    'four events',
    () => {
      if (receivedOf(cancelled).length + receivedOf(expired).length < 4) throw new Error(JSON.stringify(received));
    },
    { limitMs: 20_000 },
  );
  t.match(receivedOf(cancelled), [
    {
      partition: partitionOf(sid),
      headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
      event: {
        specversion: '1.0',
        id: `${cancelled}:confirmed`,
        type: 'order.confirmed',
        source: '/flash-sale/orders',
        subject: cancelled,
        time: /^\d{4}-.*Z$/,
        datacontenttype: 'application/json',
        data: { orderNo: cancelled, sid: String(sid), buyer: 'ann', unitPrice: { amount: 1999, currency: 'EUR' } },
      },
    },
    { partition: partitionOf(sid), event: { type: 'order.cancelled' } },
  ]);
  t.same(
    receivedOf(expired).map(({ event }) => event.type),
    ['order.confirmed', 'order.expired'],
  );
  checkTopicEvents(
    t,
    [...receivedOf(cancelled), ...receivedOf(expired)].map(({ event }) => ({
      value: Buffer.from(JSON.stringify(event)),
    })),
  );
  t.match(await auditStock(mysql, sid), { sale: 0, live: 0 }, 'expired within a second or two');
});

t.test('events of a log outage are published afterwards by two workers, those of an order in order', async (t) => {
  const [broker = ''] = topics.target.brokers;
  const proxy = await startTestProxy(t, broker);
  const sid = await createTestStock(mysql, { count: 2000 });
  const names = Array.from({ length: 1200 }, (_, i) => `buyer-${i}`);
  proxy.cut();
  await startTestJobs(t, proxy.address);
  const orders = await sellUnits(mysql, sid, names);
  await Promise.all(orders.slice(0, 100).map((orderNo, i) => cancelOrder(database, orderNo, names[i] as string)));
  t.equal(await unpublished(), 1300);
  await startTestJobs(t);
  await startTestJobs(t);
  await waitUntil(
    'all to be published',
    async () => {
      if ((await unpublished()) > 0) throw new Error(String(await unpublished()));
    },
    { limitMs: 20_000 },
  );
  const ids = () => new Set(received.map(({ event }) => event.id));
  await waitUntil(
    'all events',
    () => {
      if (!orders.every((orderNo) => ids().has(`${orderNo}:confirmed`))) throw new Error(String(ids().size));
    },
    { limitMs: 20_000 },
  );
  t.ok(
    orders.slice(0, 100).every((orderNo) => {
      const types = receivedOf(orderNo).map(({ event }) => event.type);
      return types.indexOf('order.confirmed') < types.indexOf('order.cancelled');
    }),
  );
  const ofSale = received.filter(({ event }) => (event.data as { sid: string }).sid === String(sid));
  t.equal(ofSale.length, 1300, 'once each, without failures');
});

/** Takes all connections of a pool; the returned function gives them back. */
async function takeAll(pool: Knex): Promise<() => Promise<void>> {
  const taken: unknown[] = [];
  for (let i = 0; i < 4; i += 1) taken.push(await pool.client.acquireConnection());
  return async () => {
    for (const connection of taken) await pool.client.releaseConnection(connection);
  };
}

t.test('jobs of payments take no connection from the others, nor the others from them', async (t) => {
  const { pool, paymentPool } = await startTestJobs(t);
  const sid = await createTestStock(mysql, { count: 5, priceCents: 1999, currency: 'EUR' });
  const [expired = ''] = await sellUnits(mysql, sid, ['ann']);
  const give = await takeAll(paymentPool);
  await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) WHERE order_no = ?', [expired]);
  const isExpired = async () => {
    if ((await auditStock(mysql, sid)).sale !== 0) throw new Error('not expired');
  };
  await waitUntil('the order to expire', isExpired, { limitMs: 15_000 });
  await give();

  const giveBack = await takeAll(pool);
  await recordPayment(database, {
    eventId: 'kept',
    paymentId: 'kept',
    orderNo: '1-kept',
    amountCents: 1,
    currency: 'EUR',
  });
  const isTried = async () => {
    const [[row]] = await mysql.raw(`SELECT tries FROM kept_payment WHERE event_id = 'kept'`);
    if (row.tries < 1) throw new Error('not tried');
  };
  await waitUntil('the kept payment to be tried', isTried, { limitMs: 15_000 });
  await giveBack();
});

t.test('a refund is sent to the gateway again until it succeeds, once', async (t) => {
  const asked: { id: string; body: unknown; signed: boolean }[] = [];
  const secret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;
  const gateway = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const signed = isSigned(secret, request.headers, body);
    asked.push({ id: String(request.headers['webhook-id']), body: JSON.parse(String(body)), signed });
    response.writeHead(asked.length === 1 ? 503 : 200).end('{}');
  });
  gateway.listen(0, '127.0.0.1');
  t.teardown(() => gateway.close());
  const sid = await createTestStock(mysql, { count: 1, priceCents: 1999, currency: 'EUR' });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  const started = await startPayment(database, { orderNo, buyer: 'ann' });
  if (started.outcome !== 'STARTED') throw new Error(started.outcome);
  const { paymentId } = started.payment;
  await recordPayment(database, { eventId: 'short', paymentId, orderNo, amountCents: 1500, currency: 'EUR' });

  await new Promise((resolve) => (gateway.listening ? resolve(null) : gateway.once('listening', resolve)));
  const GATEWAY_URL = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/sandbox-gateway`;
  await startTestJobs(t, topics.brokers, { GATEWAY: 'sandbox', GATEWAY_URL, WEBHOOK_SECRET: secret });
  const state = async () => {
    const [[row]] = await mysql.raw('SELECT state, refund_tries FROM payment WHERE payment_id = ?', [paymentId]);
    return row as { state: string; refund_tries: number };
  };
  await waitUntil(
    'the first try',
    () => {
      if (asked.length === 0) throw new Error('not asked');
    },
    { limitMs: 10_000 },
  );
  t.match(await state(), { state: 'refund_due', refund_tries: 1 }, 'refused: the refund stays due');
  await mysql.raw('UPDATE payment SET next_try_at = NOW(3) WHERE payment_id = ?', [paymentId]);
  await waitUntil(
    'the refund',
    async () => {
      if ((await state()).state !== 'refunded') throw new Error(JSON.stringify(await state()));
    },
    { limitMs: 10_000 },
  );
  const body = { paymentId, amountCents: 1500, currency: 'EUR' };
  t.same(asked, [
    { id: paymentId, body, signed: true },
    { id: paymentId, body, signed: true },
  ]);
});

t.test('gauges tell how many events wait for Kafka, and for how long', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  await cancelOrder(database, orderNo, 'ann');
  const waiting = await unpublished();
  await mysql.raw('UPDATE order_event SET create_time = NOW(3) - INTERVAL 70 SECOND WHERE published_at IS NULL');
  const { metrics } = await startTestJobs(t, '127.0.0.1:1');
  const [count, age] = ['flashsale_events_unpublished', 'flashsale_events_unpublished_age_seconds'] as const;
  const value = async (name: typeof count | typeof age) => (await metrics.read(name))[0]?.value ?? 0;
  await waitUntil(
    'the gauges',
    async () => {
      if ((await value(count)) !== waiting) throw new Error(`${await value(count)} of ${waiting}`);
    },
    { limitMs: 20_000 },
  );
  t.ok(waiting > 0);
  t.ok((await value(age)) >= 70, String(await value(age)));
});

t.test('a gauge counts resting stocks', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await mysql.raw(`UPDATE stock SET resting = 'open' WHERE id = ?`, [sid]);
  const { metrics } = await startTestJobs(t);
  await waitUntil(
    'the gauge',
    async () => {
      const [sample] = await metrics.read('flashsale_resting_stocks');
      if (sample?.value !== 1) throw new Error(`${sample?.value}`);
    },
    { limitMs: 20_000 },
  );
});

t.test('without NODE_ENV the sandbox gateway is refused; without a gateway no secret is needed', async (t) => {
  const { ORDER_RECORD_KEY, DECISION_KEY } = testEnvironment;
  const keys = { ORDER_RECORD_KEY, DECISION_KEY };
  const env = { ...keys, MYSQL_URL: 'mysql://x/y', REDIS_URL: 'redis://x', KAFKA_BROKERS: 'x:1' };
  t.throws(() => readConfig({ ...env, GATEWAY: 'sandbox' }), /GATEWAY=sandbox/);
  t.match(readConfig(env), { NODE_ENV: 'production', GATEWAY: 'off', WEBHOOK_SECRET: '' });
  t.match(readConfig({ ...env, NODE_ENV: 'development' }), { GATEWAY: 'off', WEBHOOK_SECRET: /^whsec_/ });
  const WEBHOOK_SECRET = `whsec_${Buffer.from('Kq8#vL2!mZ7@pX4$wN9%tB3^').toString('base64')}`;
  t.equal(readConfig({ ...env, GATEWAY: 'off', WEBHOOK_SECRET }).GATEWAY, 'off');
});

t.test('figures of sales are stored', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  await sellUnits(mysql, sid, ['ann']);
  await startTestJobs(t);
  await waitUntil(
    'a stored second',
    async () => {
      const seconds = await mysql('sale_second').where({ sid });
      if (seconds.length !== 1) throw new Error(`${seconds.length} seconds`);
      t.match(seconds, [{ orders: 1, confirmed: 1, paid: 0 }]);
    },
    { limitMs: 20_000 },
  );
});
