import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import t from 'tap';
import { auditStock } from '../../../db/audit/audit-stock.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { expireOrders } from '../../../db/orders/expire-orders.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../../../proto/messages/order-number.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { connectTestClient } from '../../testing/clients/connect-test-client.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { encodeTestRecord } from '../../testing/orders/encode-test-record.ts';
import { startRecordAppender } from '../../testing/orders/record-appender.ts';
import { waitForDrain } from '../../testing/orders/wait-for-drain.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestProvider, startTestWorker } from '../../testing/servers/start-test-system.ts';
import { silentLogger } from '../../testing/silent-logger.ts';
import { replaySince } from './replay-since.ts';
import { restStocks } from './rest-stocks.ts';
import { waitForWorkers } from './wait-for-workers.ts';

// The drill of docs/replay.md: a database is restored to a time during a sale.

const servers = await createTestServers(t);
const { mysql, database, topics } = servers;
const append = await startRecordAppender(t, topics);
const client = connectTestClient(t, await startTestProvider(t, servers));
const sid = await createTestStock(mysql, { count: 4, currency: 'EUR', priceCents: 1999 });

/** The payments of the gateway, which sends webhooks until they are recorded. */
const taken: Parameters<typeof client.recordPayment>[0][] = [];
const numbers = new Map<string, string>();
const numberOf = (buyer: string) => numbers.get(buyer) ?? '';

async function order(...buyers: string[]): Promise<void> {
  const records = buyers.map((buyer) => {
    const orderNo = mintOrderNumber('key', sid, buyer);
    numbers.set(buyer, orderNo);
    return { key: String(sid), value: encodeTestRecord({ orderNo, sid, buyer }) };
  });
  await append(partitionOf(sid), records);
  await waitForDrain(topics);
}

async function pay(buyer: string): Promise<void> {
  const orderNo = numberOf(buyer);
  const { paymentId } = await client.startPayment({ orderNo, buyer });
  const event = { eventId: randomUUID(), paymentId, orderNo, amountCents: 1999, currency: 'EUR' };
  taken.push(event);
  t.match(await client.recordPayment(event), { outcome: 'PAID' });
}

async function readStates(): Promise<Record<string, string>> {
  const [rows] = await mysql.raw('SELECT buyer, state FROM stock_order WHERE sid = ? ORDER BY buyer', [sid]);
  return Object.fromEntries(rows.map(({ buyer, state }: { buyer: string; state: string }) => [buyer, state]));
}

const readStock = async () => (await mysql.raw('SELECT paused, resting FROM stock WHERE id = ?', [sid]))[0];

const expire = () =>
  expireOrders(database, { onExpired: () => undefined, onError: (_, error) => t.fail(String(error)) });

t.test('after a restore and a replay the database has all orders and payments', async (t) => {
  let worker = await startTestWorker(t, servers);
  await order('ann', 'bob', 'dan');
  await pay('ann');
  const [[{ moment }]] = await mysql.raw('SELECT NOW(3) AS moment');
  // The log has times in milliseconds.
  await sleep(20);
  await order('kim', 'eve');
  await pay('bob');
  await pay('kim');
  const answered = { ann: 'paid', bob: 'paid', dan: 'awaiting_payment', eve: 'sold_out', kim: 'paid' };
  t.same(await readStates(), answered);
  await worker.close();

  // The state of a backup from that time, when an administrator had paused the sale.
  const after = [numberOf('kim'), numberOf('eve')];
  await mysql.raw('DELETE FROM order_event WHERE order_no IN (?)', [after]);
  await mysql.raw(`DELETE FROM order_event WHERE order_no = ? AND type = 'paid'`, [numberOf('bob')]);
  await mysql.raw('DELETE FROM stock_order WHERE order_no IN (?)', [after]);
  for (const table of ['payment', 'payment_event']) {
    await mysql.raw(`DELETE FROM ${table} WHERE order_no IN (?)`, [[numberOf('bob'), numberOf('kim')]]);
  }
  await mysql.raw(`UPDATE stock_order SET state = 'awaiting_payment', paid_at = NULL WHERE order_no = ?`, [
    numberOf('bob'),
  ]);
  await mysql.raw('UPDATE stock SET sale = 3, paused = TRUE, version = version + 1 WHERE id = ?', [sid]);

  const target = { brokers: topics.brokers.split(','), clientId: 'drill', logger: silentLogger };
  const stocks = restStocks(mysql, () => undefined);
  const sinceMs = new Date(moment).getTime();
  const replay = () =>
    replaySince({ target, names: topics.names, sinceMs, dir: undefined, stocks, print: () => undefined });
  const early = await startTestWorker(t, servers);
  await t.rejects(replay(), { message: /has members; stop them first/ }, 'a worker that was started early');
  t.match(await readStock(), [{ paused: 1, resting: null }], 'and nothing was changed');
  await early.close();

  // The payment time of all unpaid orders is over.
  await mysql.raw(
    `UPDATE stock_order SET pay_by = NOW(3) - INTERVAL 1 MINUTE WHERE sid = ? AND state = 'awaiting_payment'`,
    [sid],
  );
  // Webhooks arrive at any time: bob's payment was lost, kim's order is not known yet.
  const outcomes = [];
  for (const event of taken) outcomes.push((await client.recordPayment(event)).outcome);
  t.same(outcomes, ['PAID', 'PAID', 'KEPT']);
  // Many attempts failed, so no worker settles it soon.
  await mysql.raw('UPDATE kept_payment SET next_try_at = NOW(3) + INTERVAL 1 HOUR');
  await replay();
  worker = await startTestWorker(t, servers);
  await waitForWorkers(target, topics.names.orders, topics.names.workerGroup, () => undefined);
  await mysql.raw('UPDATE stock_order SET pay_by = NOW(3) - INTERVAL 1 SECOND WHERE order_no = ?', [numberOf('kim')]);
  await expire();
  await t.rejects(client.cancelOrder({ orderNo: numberOf('dan'), buyer: 'dan' }), { code: status.RESOURCE_EXHAUSTED });
  t.match(
    await readStates(),
    { dan: 'awaiting_payment', eve: 'sold_out' },
    'no buyer got a unit that an expiry gave back',
  );

  await stocks.end();
  t.match(await readStates(), { kim: 'paid' }, 'before an expiry could take the unit');
  await waitUntil(
    'what was due to happen',
    async () => {
      await expire();
      const states = await readStates();
      if (states.dan !== 'expired') throw new Error(JSON.stringify(states));
    },
    { limitMs: 30_000 },
  );
  t.same(await readStates(), { ...answered, dan: 'expired' });
  t.match(await readStock(), [{ paused: 1, resting: null }]);
  const audit = await createDatabase({ mysql, statementMs: 30_000 }).session((session) => auditStock(session, sid));
  t.same(
    audit?.checks.filter(({ ok }) => !ok),
    [],
  );
  // Every payment of the gateway is in the database, with its money according to the order.
  const [payments] = await mysql.raw(
    'SELECT payment_id AS paymentId, paid_cents AS paid, state FROM payment ORDER BY payment_id',
  );
  t.same(
    payments,
    taken
      .map(({ paymentId }) => ({ paymentId, paid: 1999, state: 'paid' }))
      .sort((a, b) => (String(a.paymentId) < String(b.paymentId) ? -1 : 1)),
  );
  const [[{ open }]] = await mysql.raw('SELECT COUNT(*) AS open FROM kept_payment WHERE next_try_at IS NOT NULL');
  t.equal(open, 0);
});
