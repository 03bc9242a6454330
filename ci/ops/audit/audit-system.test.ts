import t, { type Test } from 'tap';
import type { DeadLetter } from '../../../order-worker/append-dead-letters.ts';
import { createBatchDecider } from '../../../order-worker/batch-decider.ts';
import { decideRecords } from '../../../order-worker/decide-records.ts';
import { decodeRecords } from '../../../order-worker/decode-records.ts';
import { sendEvents } from '../../../order-worker/events/send-events.ts';
import { startAppender } from '../../../proto/kafka/kafka.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { startTopicConsumer } from '../../../proto/kafka/topic-consumer.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { testEnvironment } from '../../testing/clients/create-token.ts';
import { createOfferedStock } from '../../testing/orders/create-offered-stock.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { encodeTestCompact, encodeTestRecord, testVerification } from '../../testing/orders/encode-test-record.ts';
import { createTestDatabase } from '../../testing/servers/test-database.ts';
import { createTestTopics } from '../../testing/servers/test-topics.ts';
import { auditSystem, type SystemAudit } from './audit-system.ts';
import { describeAudit } from './describe-audit.ts';

/** A log and rows for this test, and an order-worker between them. */
async function createLog(t: Test) {
  const { database, url, mysql } = await createTestDatabase(t);
  const { target, brokers, prefix, names } = await createTestTopics(t);
  const log = startAppender(target);
  t.teardown(() => log.close());
  await waitUntil(
    'the log to be connected',
    () => {
      if (!log.isConnected()) throw new Error('not yet');
    },
    { limitMs: 10_000 },
  );

  async function append(sid: number, orders: [orderNo: string, buyer: string][]): Promise<bigint> {
    const records = orders.map(([orderNo, buyer]) => ({
      key: String(sid),
      value: encodeTestRecord({ orderNo: `${sid}-${orderNo}`, sid, buyer }),
    }));
    // On a busy broker a partition that was just made has no leader for a moment, and the append is refused.
    return waitUntil('the append', () => log.append(names.orders, partitionOf(sid), records), { limitMs: 15_000 });
  }

  async function keep(partition: number, letters: DeadLetter[]): Promise<void> {
    const records = letters.map(({ offset, value }) => ({ key: `${partition}/${offset}`, value }));
    await log.append(names.ordersDead, 0, records);
  }

  async function startWorker(store = keep) {
    const options = { clock: realClock, random: Math.random, payWithinMs: 900_000, maxOrders: 1000 };
    const decide = createBatchDecider(database, options);
    const publish = async () => undefined;
    return startTopicConsumer(target, {
      topic: names.orders,
      group: names.workerGroup,
      maxBatch: 3,
      handle: (partition, records) =>
        decideRecords(
          {
            decode: (received) => decodeRecords(partition, received, testVerification, 1000),
            decide,
            publish,
            publishEvents: (events) => sendEvents(log, names.orderEvents, events, realClock),
            beforeDeciding: async () => undefined,
            deadLetter: (letters) => store(partition, letters),
          },
          records,
          () => undefined,
        ),
      onCrash: (error) => t.error(error),
      onAssigned: () => undefined,
    });
  }
  const audit = (sid?: number, pendingMaxMs = 20_000) =>
    auditSystem(
      {
        mysqlUrl: url,
        kafkaBrokers: brokers,
        topicPrefix: prefix,
        orderRecordKey: testEnvironment.ORDER_RECORD_KEY,
        pendingMaxMs,
      },
      sid,
    );
  return { mysql, log, names, append, startWorker, audit };
}

const breachesOf = ({ stocks, log }: SystemAudit) =>
  [...stocks.flatMap(({ checks }) => checks), ...log.checks].filter(({ ok }) => !ok).map(({ name }) => name);
const detailOf = ({ stocks, log }: SystemAudit, name: string) =>
  [...stocks.flatMap(({ checks }) => checks), ...log.checks].find((check) => check.name === name)?.detail;

t.test('a replay of the log gives the rows; contradictions are found', async (t) => {
  const { mysql, log, names, append, startWorker, audit } = await createLog(t);
  const run = (sql: string, ...values: (string | number)[]) => mysql.raw(sql, values);
  const sid = await createTestStock(mysql, { count: 3 });
  const other = await createTestStock(mysql, { count: 1 });
  await append(sid, [
    ['a1', 'ann'],
    ['b1', 'bob'],
    ['a2', 'ann'],
    ['a1', 'ann'],
  ]);
  await append(other, [['e1', 'eve']]);
  await append(sid, [
    ['c1', 'cid'],
    ['d1', 'dan'],
    ['b1', 'bob'],
    ['e1', 'eve'],
  ]);
  // An invalid record, and a number of another buyer.
  await log.append(names.orders, partitionOf(sid), [{ key: 'x', value: Buffer.from('not an order') }]);
  await append(sid, [
    ['a1', 'zoe'],
    ['f1', 'fay'],
  ]);
  const worker = await startWorker();
  t.teardown(() => worker.close());

  const healthy = await audit();
  t.same(breachesOf(healthy), [], JSON.stringify(healthy));
  t.equal(healthy.ok, true);
  t.equal(healthy.log.records, 12);
  t.match(detailOf(await audit(sid), 'log_replay'), /^7 decisions, all confirmed by a replay/);
  t.equal(detailOf(healthy, 'invalid_dead_lettered'), '2 invalid records, all in orders-dead');
  t.match(describeAudit(healthy).at(-1), /^✓ \d+ checks, on 3 stocks: no promise is broken\.$/);

  const breaks: [what: string, check: string, breakIt: () => Promise<unknown>, undo: () => Promise<unknown>][] = [
    [
      'a refusal that the replay confirms',
      'log_replay',
      () => run(`UPDATE stock_order SET state = 'sold_out', pay_by = NULL WHERE order_no = ?`, `${other}-e1`),
      () =>
        run(
          `UPDATE stock_order SET state = 'awaiting_payment', pay_by = NOW(3) + INTERVAL 1 HOUR WHERE order_no = ?`,
          `${other}-e1`,
        ),
    ],
    [
      'a duplicate of another order than in the replay',
      'log_replay',
      () => run('UPDATE stock_order SET live_order_no = ? WHERE order_no = ?', `${sid}-b1`, `${sid}-a2`),
      () => run('UPDATE stock_order SET live_order_no = ? WHERE order_no = ?', `${sid}-a1`, `${sid}-a2`),
    ],
    [
      'a decision at another place of the log',
      'log_replay',
      () => run('UPDATE stock_order SET log_offset = log_offset - 1 WHERE order_no = ?', `${sid}-f1`),
      () => run('UPDATE stock_order SET log_offset = log_offset + 1 WHERE order_no = ?', `${sid}-f1`),
    ],
    [
      'a row without a record',
      'log_replay',
      () =>
        run(
          `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by, log_partition, log_offset)
           SELECT ?, sid, 'gus', name, 'sold_out', price_cents, 'log', log_partition, log_offset FROM stock_order WHERE order_no = ?`,
          ...[`${sid}-g1`, `${sid}-f1`],
        ),
      () => run('DELETE FROM stock_order WHERE order_no = ?', `${sid}-g1`),
    ],
    [
      'an order that was published as confirmed, and is refused',
      'never_taken_back',
      () => run(`UPDATE stock_order SET state = 'sold_out', pay_by = NULL WHERE order_no = ?`, `${sid}-c1`),
      () =>
        run(
          `UPDATE stock_order SET state = 'awaiting_payment', pay_by = NOW(3) + INTERVAL 1 HOUR WHERE order_no = ?`,
          `${sid}-c1`,
        ),
    ],
    [
      'a confirmed order before the mark that was not published',
      'events_complete',
      async () => [
        await run(
          `INSERT INTO event_mark (topic, log_partition, life, next_offset, since, moved_at) VALUES (?, ?, 1, 1000, '2020-01-01', NOW(3))`,
          ...[names.orders, partitionOf(sid)],
        ),
        await run('UPDATE stock_order SET order_no = ? WHERE order_no = ?', `${sid}-zz`, `${sid}-c1`),
      ],
      async () => [
        await run('DELETE FROM event_mark'),
        await run('UPDATE stock_order SET order_no = ? WHERE order_no = ?', `${sid}-c1`, `${sid}-zz`),
      ],
    ],
    [
      'a record without a decision',
      'every_record_decided',
      () => run('UPDATE stock_order SET order_no = ? WHERE order_no = ?', `${sid}-zz`, `${sid}-f1`),
      () => run('UPDATE stock_order SET order_no = ? WHERE order_no = ?', `${sid}-f1`, `${sid}-zz`),
    ],
    [
      'a number of another buyer that was not dead-lettered',
      'invalid_dead_lettered',
      () => run(`UPDATE stock_order SET buyer = 'hal' WHERE order_no = ?`, `${sid}-f1`),
      () => run(`UPDATE stock_order SET buyer = 'fay' WHERE order_no = ?`, `${sid}-f1`),
    ],
  ];
  for (const [what, check, breakIt, undo] of breaks) {
    await t.test(`it finds ${what}`, async (t) => {
      await breakIt();
      const audited = await audit();
      t.ok(breachesOf(audited).includes(check), JSON.stringify(audited));
      t.equal(audited.ok, false);
      t.match(describeAudit(audited).at(-1), /checks failed/);
      await undo();
      t.same(breachesOf(await audit()), []);
    });
  }

  await t.test('an invalid record that was skipped and not dead-lettered', async (t) => {
    await worker.close();
    await log.append(names.orders, partitionOf(sid), [{ key: 'x', value: null }]);
    const skipping = await startWorker(async () => undefined);
    t.teardown(() => skipping.close());
    t.same(breachesOf(await audit()), ['invalid_dead_lettered']);
  });
});

t.test('a log of records of one and of several orders', async (t) => {
  const { mysql, log, names, append, startWorker, audit } = await createLog(t);
  const sid = await createTestStock(mysql, { count: 3 });
  const other = await createTestStock(mysql, { count: 1 });
  const partition = partitionOf(sid);
  const order = (no: string, buyer: string, of = sid) => ({ orderNo: `${of}-${no}`, sid: of, buyer });
  const appendOne = (orders: Parameters<typeof encodeTestCompact>[0]) =>
    log.append(names.orders, partition, [{ key: '', value: encodeTestCompact(orders) }]);
  await append(sid, [['a1', 'ann']]);
  const several = [
    order('b1', 'bob'),
    order('a2', 'ann'),
    order('b1', 'bob'),
    order('x', 'two words'),
    order('c1', 'cid'),
  ];
  await appendOne(several);
  await appendOne(several);
  // Of another partition or of another stock of this partition.
  await appendOne([order('d1', 'dan'), order('e1', 'eve', other)]);
  await append(sid, [['f1', 'fay']]);
  const worker = await startWorker(async (partition, letters) => {
    const keyed = letters.map(({ offset, index, value }) => {
      return { key: index === undefined ? `${partition}/${offset}` : `${partition}/${offset}/${index}`, value };
    });
    await log.append(names.ordersDead, 0, keyed);
  });
  t.teardown(() => worker.close());
  const healthy = await audit();
  t.same(breachesOf(healthy), [], JSON.stringify(healthy));
  t.equal(healthy.log.records, 5);
  t.match(detailOf(healthy, 'every_record_decided'), /^14 orders in 5 records of the log, all decided$/);
  t.match(detailOf(await audit(sid), 'log_replay'), /^6 decisions, all confirmed by a replay/);

  const move = (no: string, to: number) =>
    mysql.raw('UPDATE stock_order SET log_index = ? WHERE order_no = ?', [to, `${sid}-${no}`]);
  await move('c1', 9);
  t.ok(breachesOf(await audit()).includes('log_replay'), 'at another place of the same record');
  t.match(
    detailOf(await audit(sid), 'log_replay'),
    new RegExp(`c1: at ${partition}/1/4, but ${partition}/1/9 in the row`),
  );
  await move('c1', 4);
  await mysql.raw('UPDATE stock_order SET order_no = ? WHERE order_no = ?', [`${sid}-zz`, `${sid}-d1`]);
  t.match(detailOf(await audit(sid), 'every_record_decided'), new RegExp(`${partition}/3/0 ${sid}-d1`));
  await mysql.raw('UPDATE stock_order SET order_no = ? WHERE order_no = ?', [`${sid}-d1`, `${sid}-zz`]);
  t.same(breachesOf(await audit()), []);
});

t.test('offers have no record on the log, and pass', async (t) => {
  const { mysql, append, startWorker, audit } = await createLog(t);
  const sid = await createOfferedStock(mysql);
  // Refused by the log: a newcomer, and a buyer who has an offer.
  await append(sid, [
    ['k1', 'kim'],
    ['b1', 'bob'],
  ]);
  const worker = await startWorker();
  t.teardown(() => worker.close());
  const audited = await audit(sid);
  t.same(breachesOf(audited), [], JSON.stringify(audited));
  t.equal(detailOf(audited, 'every_record_decided'), '2 orders in 2 records of the log, all decided');
  t.equal(detailOf(audited, 'log_places'), '2 decided by the log, 3 without it');
  t.equal(detailOf(audited, 'log_replay'), 'not checked: 1 units were returned');
  t.match(detailOf(audited, 'offers_by_place'), /^each entry up to the offered place had its turn/);
  t.ok(describeAudit(audited).some((line) => line.startsWith('  ✓ offers_by_place ')));

  await mysql.raw('UPDATE draw SET offered_place = 2 WHERE sid = ?', [sid]);
  t.same(breachesOf(await audit(sid)), ['offers_by_place']);
});

t.test('a record that stays pending is reported', async (t) => {
  const { mysql, append, audit } = await createLog(t);
  const sid = await createTestStock(mysql);
  await append(sid, [['a1', 'ann']]);
  const audited = await audit(sid, 1000);
  t.same(breachesOf(audited), ['every_record_decided']);
  t.match(detailOf(audited, 'every_record_decided'), /is an order-worker up/);
});

t.test('a log that starts after the first order of a stock cannot be replayed for it', async (t) => {
  const { mysql, append, startWorker, audit } = await createLog(t);
  const sid = await createTestStock(mysql, { count: 5 });
  await append(sid, [
    ['a1', 'ann'],
    ['b1', 'bob'],
  ]);
  const worker = await startWorker();
  t.teardown(() => worker.close());
  t.equal((await audit()).ok, true);
  await mysql.raw('UPDATE stock_order SET create_time = create_time - INTERVAL 1 HOUR WHERE sid = ?', [sid]);
  const audited = await audit(sid);
  t.equal(audited.ok, true);
  t.equal(detailOf(audited, 'log_replay'), 'not checked: the log no longer contains its first order');
  const lines = describeAudit(audited);
  t.ok(
    lines.some((line) => line.startsWith('  – log_replay ')),
    lines.join('\n'),
  );
  t.match(lines.at(-1), /^✓ \d+ checks, 1 skipped, on 1 stocks: no promise is broken\.$/);
});

t.test('a stock that the ladder oversold on purpose is skipped unless it is named', async (t) => {
  const { mysql, audit } = await createLog(t);
  const sid = await createTestStock(mysql, { kind: 'ladder', name: 'ladder: wrong', count: 1 });
  for (const buyer of ['a', 'b']) {
    await mysql.raw(
      `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by)
       VALUES (?, ?, ?, '', 'awaiting_payment', 0, 'ladder')`,
      [`${sid}-${buyer}`, sid, `${sid}-${buyer}`],
    );
  }
  const all = await audit();
  t.equal(all.ok, true);
  t.match(describeAudit(all).join('\n'), /1 stocks that the strategy `wrong` oversold on purpose/);
  t.same(breachesOf(await audit(sid)), ['not_oversold']);
  await t.rejects(audit(12_345), { message: 'there is no stock 12345' });
});
