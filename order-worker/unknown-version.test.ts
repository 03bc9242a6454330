import t from 'tap';
import { waitUntil } from '../ci/command/wait-until.ts';
import { auditStock } from '../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { encodeTestRecord, testRecordKey } from '../ci/testing/orders/encode-test-record.ts';
import { startRecordAppender } from '../ci/testing/orders/record-appender.ts';
import { createTestServers } from '../ci/testing/servers/create-test-servers.ts';
import { startTestWorker } from '../ci/testing/servers/start-test-system.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import { OrderRecordType } from '../proto/messages/load-protos.ts';
import { signMessage } from '../proto/messages/signed-message.ts';

const servers = await createTestServers(t);
const { mysql, topics } = servers;
const append = await startRecordAppender(t, topics);

t.test('a signed record of an unknown version stops only its partition', async (t) => {
  const sid = await createTestStock(mysql, { sid: 8001, count: 9 });
  const elsewhere = [8002, 8003, 8004, 8005].find((other) => partitionOf(other) !== partitionOf(sid)) ?? 0;
  const other = await createTestStock(mysql, { sid: elsewhere, count: 9 });
  const later = { version: 5, orderNo: `${sid}-later`, sid, buyer: 'eve' };
  const fromLaterRelease = signMessage('order record', testRecordKey, OrderRecordType.serialize(later));
  const record = (of: number, buyer: string) => ({
    key: String(of),
    value: encodeTestRecord({ orderNo: `${of}-${buyer}`, sid: of, buyer }),
  });
  await startTestWorker(t, servers);
  await append(partitionOf(sid), [
    record(sid, 'before'),
    { key: String(sid), value: fromLaterRelease },
    record(sid, 'behind'),
  ]);
  await append(partitionOf(other), [record(other, 'ann')]);
  await waitUntil(
    'what stands before it and elsewhere to be decided',
    async () => {
      const sold = [(await auditStock(mysql, sid)).sale, (await auditStock(mysql, other)).sale];
      if (sold.join() !== '1,1') throw new Error(sold.join());
    },
    { limitMs: 30_000 },
  );
  t.match(await auditStock(mysql, sid), { states: { awaiting_payment: 1 } }, 'the records behind it wait');
});
