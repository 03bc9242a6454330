import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../../../proto/messages/order-number.ts';
import type { LoggedOrder } from '../../../proto/messages/order-record.ts';
import { auditStock } from '../../testing/orders/audit-stock.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { encodeTestCompact, encodeTestRecord, testOrder } from '../../testing/orders/encode-test-record.ts';
import { readTopic } from '../../testing/orders/read-topic.ts';
import { startRecordAppender } from '../../testing/orders/record-appender.ts';
import { waitForDrain } from '../../testing/orders/wait-for-drain.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestWorker } from '../../testing/servers/start-test-system.ts';
import { silentLogger } from '../../testing/silent-logger.ts';
import { replaySince } from './replay-since.ts';
import { restStocks } from './rest-stocks.ts';
import { waitForWorkers } from './wait-for-workers.ts';

const servers = await createTestServers(t);
const { mysql, topics } = servers;
const append = await startRecordAppender(t, topics);

type Ended = { code: number; stdout: string; stderr: string };
const replay = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const file = path.join(import.meta.dirname, '../../bin/replay.ts');
    const env = { MYSQL_URL: servers.mysqlUrl, KAFKA_BROKERS: topics.brokers, TOPIC_PREFIX: topics.prefix };
    execFile(process.execPath, [file, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });

const order = (sid: number, buyer: string): LoggedOrder => {
  return testOrder({ orderNo: mintOrderNumber('key', sid, buyer), sid, buyer });
};
const put = (sid: number, orders: LoggedOrder[]) =>
  append(
    partitionOf(sid),
    orders.map((record) => ({ key: String(sid), value: encodeTestRecord(record) })),
  );
const countResting = async () =>
  (await mysql.raw('SELECT COUNT(*) AS stocks FROM stock WHERE resting IS NOT NULL'))[0][0].stocks as number;
const readRows = async (sid: number) => {
  const sql = 'SELECT order_no, buyer, state, log_offset FROM stock_order WHERE sid = ? ORDER BY log_offset';
  return (await mysql.raw(sql, [sid]))[0];
};

t.test(
  'after a restore a replay of the log restores the lost orders in their sequence, and changes no others',
  async (t) => {
    const sid = await createTestStock(mysql, { count: 3 });
    let worker = await startTestWorker(t, servers);
    await put(
      sid,
      ['ann', 'bob'].map((buyer) => order(sid, buyer)),
    );
    await waitForDrain(topics);
    const [[{ moment }]] = await mysql.raw('SELECT NOW(3) AS moment');
    // The log's time is in milliseconds too.
    await sleep(20);
    await put(
      sid,
      ['kim', 'eve', 'ann'].map((buyer) => order(sid, buyer)),
    );
    await waitForDrain(topics);
    const before = await readRows(sid);
    t.match(before, [
      { buyer: 'ann' },
      { buyer: 'bob' },
      { buyer: 'kim', state: 'awaiting_payment' },
      { state: 'sold_out' },
      {},
    ]);

    const since = new Date(moment).toISOString();
    const refused = await replay('--since', since);
    t.match(refused, { code: 1, stderr: /the group has members; stop them first: order-worker-/ });
    t.equal(await countResting(), 0, 'refused before any stock rests');
    await worker.close();
    // As a backup of that moment has it.
    await mysql.raw(
      'DELETE FROM order_event WHERE sid = ? AND order_no IN (SELECT order_no FROM stock_order WHERE log_offset > 1)',
      [sid],
    );
    await mysql.raw('DELETE FROM stock_order WHERE sid = ? AND log_offset > 1', [sid]);
    await mysql.raw('UPDATE stock SET sale = 2 WHERE id = ?', [sid]);

    const file = path.join(t.testdir(), 'result.json');
    const ended = await replay('--since', since, '--json', file);
    t.match(ended, { code: 0, stdout: new RegExp(`partition ${partitionOf(sid)}: again from offset 2, 3 records`) });
    const { partitions } = JSON.parse(readFileSync(file, 'utf8'));
    t.match(
      partitions.find(({ partition }: { partition: number }) => partition === partitionOf(sid)),
      { from: 5, to: 2, end: 5 },
    );
    worker = await startTestWorker(t, servers);
    t.match(await replay('--wait'), { code: 0, stdout: /the workers are at the end of the log/ });
    t.same(await readRows(sid), before);
    t.match(await auditStock(mysql, sid), { sale: 3, live: 3 });
    await worker.close();
  },
);

t.test('the rest of the stocks is undone when the workers cannot be moved back; an earlier rest stays', async (t) => {
  const paused = await createTestStock(mysql, { count: 1 });
  const resting = await createTestStock(mysql, { count: 1 });
  await mysql.raw('UPDATE stock SET paused = TRUE WHERE id = ?', [paused]);
  await mysql.raw(`UPDATE stock SET resting = 'open' WHERE id = ?`, [resting]);
  const printed: string[] = [];
  const stocks = restStocks(mysql, (line) => printed.push(line));
  const names = { ...topics.names, orders: `${topics.prefix}not-there` };
  const target = { ...topics.target, logger: silentLogger };
  const print = () => undefined;
  await t.rejects(replaySince({ target, names, sinceMs: Date.now() - 1000, dir: undefined, stocks, print }));
  t.match(printed, [/no unit is returned/, /return units again, without a replay/]);
  const [rows] = await mysql.raw('SELECT id, paused FROM stock WHERE resting IS NOT NULL');
  t.match(rows, [{ id: resting }]);
  t.match((await mysql.raw('SELECT paused FROM stock WHERE id = ?', [paused]))[0], [{ paused: 1 }]);
  await stocks.end();
  t.equal(await countResting(), 0);
});

t.test('a wait without progress explains how to end the rest of the stocks', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await put(sid, [order(sid, 'ann')]);
  const target = { ...topics.target, logger: silentLogger };
  const waiting = waitForWorkers(target, topics.names.orders, topics.names.workerGroup, () => undefined, 1);
  await t.rejects(waiting, { message: /1 records are left.*--wait reaches the end/ });
  const worker = await startTestWorker(t, servers);
  await waitForDrain(topics);
  await worker.close();
});

t.test('--halt stops only the workers of npm start', async (t) => {
  t.match(await replay('--halt'), { code: 1, stderr: /stop them where they run/ });
});

t.test('pending orders are never skipped', async (t) => {
  const sid = await createTestStock(mysql, { count: 3 });
  await put(sid, [order(sid, 'ann')]);
  await sleep(20);
  const now = new Date().toISOString();
  t.match(await replay('--since', now), { code: 0, stdout: /no record since then has been decided/ });
  const worker = await startTestWorker(t, servers);
  await waitForDrain(topics);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
  await worker.close();
});

t.test('dead letters are appended to their partition again, and handled like new records', async (t) => {
  const dead = await readTopic(t, topics, topics.names.ordersDead);
  const worker = await startTestWorker(t, servers);
  const late = 4_040_404;
  const near = Array.from({ length: 99 }, (_, i) => late + 1 + i).find(
    (sid) => partitionOf(sid) === partitionOf(late),
  ) as number;
  await createTestStock(mysql, { sid: near, count: 1 });
  const together = [order(near, 'kim'), order(late, 'ann')];
  await append(partitionOf(late), [{ key: null, value: encodeTestCompact(together) }]);
  const junk = { key: 'junk', value: Buffer.from('not a record, but text') };
  await append(partitionOf(late), [junk, junk]);
  await waitForDrain(topics);
  await dead.waitFor(3);
  t.match(await auditStock(mysql, near), { sale: 1 }, 'the order beside it is decided');
  await createTestStock(mysql, { sid: late, count: 1 });

  const dry = await replay('--dead-letters', '--reason', 'there is no stock', '--dry-run');
  t.match(dry, {
    code: 0,
    stdout:
      /^· 1 × there is no stock \d+\n1 of 1 records would be put on the log again \(0 copies, .* 3 dead letters in all\)/,
  });
  t.match(await auditStock(mysql, late), { sale: 0 });
  const file = path.join(t.testdir(), 'result.json');
  t.match(await replay('--dead-letters', '--json', file), {
    code: 0,
    stdout: /2 of 3 records were put on the log again \(1 copies/,
  });
  t.match(JSON.parse(readFileSync(file, 'utf8')), { read: 3, found: 3, replayed: 2, copies: 1, withoutBytes: 0 });
  await waitForDrain(topics);
  t.match(await auditStock(mysql, late), { sale: 1, live: 1 });
  const again = (await dead.waitFor(4)).slice(3);
  t.match(again, [{ value: junk.value }], 'an invalid record is dead-lettered again');
  await worker.close();
});

for (const [what, args, text] of [
  ['no action', [], /one of --halt, --since TIME, --dead-letters and --wait/],
  ['two actions', ['--dead-letters', '--wait'], /one of --halt/],
  ['an invalid time', ['--since', 'yesterday'], /--since takes a time such as .*'yesterday'/],
  ['a time without an offset', ['--since', '2026-11-28T12:00:00'], /--since takes a time/],
  ['a time in the future', ['--since', '2999-01-01T00:00:00Z'], /is in the future/],
  ['a time before the log', ['--since', '2020-01-01T00:00:00Z'], /before the oldest record/],
  ['a reason without dead letters', ['--wait', '--reason', 'x'], /go with --dead-letters/],
  ['an unknown option', ['--all'], /--all/],
] as const) {
  t.test(`${what} is refused with the usage`, async (t) => {
    t.match(await replay(...args), { code: 2, stdout: '', stderr: text });
  });
}

t.test('--help prints the usage', async (t) => {
  t.match(await replay('--help'), { code: 0, stdout: /^Usage: flash-sale replay/ });
});
