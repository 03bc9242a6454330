import t from 'tap';
import { waitUntil } from '../ci/command/wait-until.ts';
import { auditStock } from '../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { encodeTestRecord } from '../ci/testing/orders/encode-test-record.ts';
import { readTopic } from '../ci/testing/orders/read-topic.ts';
import { startRecordAppender } from '../ci/testing/orders/record-appender.ts';
import { waitForDrain } from '../ci/testing/orders/wait-for-drain.ts';
import { createTestServers } from '../ci/testing/servers/create-test-servers.ts';
import { startTestWorker } from '../ci/testing/servers/start-test-system.ts';
import { createAdmin, disconnect, startLagReader } from '../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS, partitionOf } from '../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../proto/messages/order-number.ts';

const servers = await createTestServers(t);
const { mysql, topics } = servers;
const { target, names } = topics;
const append = await startRecordAppender(t, topics);
const TOPIC_RESOURCE = 2;

const NOTHING_BYTES = '1';
const KAFKAS_OWN_BYTES = '1048588';

/** A topic with a maximum record size of one byte refuses all records. */
async function limitDeadTopic(bytes: string): Promise<void> {
  const admin = createAdmin(target);
  await admin.connect();
  const configEntries = [{ name: 'max.message.bytes', value: bytes }];
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: TOPIC_RESOURCE, name: names.ordersDead, configEntries }],
  });
  await disconnect(admin);
}

t.test('while orders-dead refuses records, an invalid record blocks only its own partition', async (t) => {
  await limitDeadTopic(NOTHING_BYTES);
  await startTestWorker(t, servers);
  const dead = await readTopic(t, topics, names.ordersDead);
  const log = startLagReader(target, names.orders, names.workerGroup);
  t.teardown(() => log.close());
  const sid = await createTestStock(mysql, { count: 9 });
  const elsewhere = (partitionOf(sid) + 1) % ORDER_PARTITIONS;
  const junk = { key: 'junk', value: Buffer.from('not a record, but text') };
  const offset = await append(elsewhere, [junk]);
  for (const [i, buyer] of ['ann', 'bob', 'kim', 'eve'].entries()) {
    const order = { orderNo: mintOrderNumber('key', sid, buyer), sid, buyer, replyTo: '', mintedAtMs: Date.now() };
    await append(partitionOf(sid), [{ key: String(sid), value: encodeTestRecord(order) }]);
    await waitUntil(
      `${buyer} to have a unit`,
      async () => {
        const { sale } = await auditStock(mysql, sid);
        if (sale !== i + 1) throw new Error(`${sale} sold`);
      },
      { limitMs: 20_000 },
    );
  }
  const committed = (await log.read()).get(elsewhere)?.committed ?? -1n;
  t.ok(committed <= offset, `${committed}: the invalid record is not skipped`);
  await limitDeadTopic(KAFKAS_OWN_BYTES);
  await waitForDrain(topics);
  t.match(await dead.waitFor(1), [{ key: `${elsewhere}/${offset}` }]);
});
