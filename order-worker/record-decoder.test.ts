import t from 'tap';
import { encodeTestRecord, testVerification } from '../ci/testing/orders/encode-test-record.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import type { ReceivedRecord } from '../proto/kafka/work-through-batch.ts';
import { createRecordDecoder } from './record-decoder.ts';

const sid = 77;
const partition = partitionOf(sid);

function record(no: number): ReceivedRecord {
  const order = { orderNo: `${sid}-${no}`, sid, buyer: `buyer-${no}`, replyTo: '', mintedAtMs: 1 };
  return { offset: BigInt(no), value: encodeTestRecord(order), timestampMs: 1 };
}

function setUp() {
  let fire: (() => void) | undefined;
  const clock = {
    setTimer(_ms: number, wake: () => void) {
      fire = wake;
      return () => {
        fire = undefined;
      };
    },
  };
  const decode = createRecordDecoder({ clock, verification: testVerification, maxOrders: 2 });
  const numbers = (records: ReceivedRecord[], rest: ReceivedRecord[] = []) =>
    decode(partition, records, (handled) => [...records, ...rest].slice(handled)).pending.map(
      ({ order }) => order.orderNo,
    );
  return { numbers, fire: () => fire?.() };
}

t.test('the next batch is decoded before it is asked for', async (t) => {
  const { numbers, fire } = setUp();
  const [a, b, c, d] = [record(1), record(2), record(3), record(4)];
  t.same(numbers([a, b, c, d]), ['77-1', '77-2'], 'the first two');
  fire();
  // It is not read again.
  c.value = null;
  t.same(numbers([c, d]), ['77-3', '77-4']);
});

t.test('a batch that comes before its time, or that was received again, is decoded then', async (t) => {
  const { numbers, fire } = setUp();
  const [a, b, c] = [record(1), record(2), record(3)];
  numbers([a, b, c]);
  t.same(numbers([c]), ['77-3']);
  fire();
  numbers([a, b, c]);
  fire();
  t.same(numbers([record(1), record(2)]), ['77-1', '77-2']);
  t.same(numbers([c]), ['77-3'], 'and what was decoded ahead is dropped');
});
