import { type Appender, type KafkaTarget, startAppender } from '../../../proto/kafka/kafka.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../../../proto/messages/order-number.ts';
import { encodeOrderRecord } from '../../../proto/messages/order-record.ts';
import type { SecretKey } from '../../../proto/settings/secret-keys.ts';
import { waitUntil } from '../../command/wait-until.ts';

/** `buyers` is what their names begin with: each order is another one's. */
export type OrdersToAppend = {
  topic: string;
  sids: number[];
  orders: number;
  buyers: string;
  orderNoKey: string;
  recordKey: SecretKey;
};

const CHUNK = 1000;
const CONNECT_LIMIT_MS = 10_000;
/** So that the decisions are told, as in a sale. */
const REPLY_TO = 'scaling';

export async function createLog(target: KafkaTarget): Promise<Appender> {
  const log = startAppender(target);
  await waitUntil(
    'the log to be connected',
    () => {
      if (!log.isConnected()) throw new Error('not yet');
    },
    { limitMs: CONNECT_LIMIT_MS },
  );
  return log;
}

/** Appends orders, the stocks in turn, as a provider would: one append after the other. */
export async function fillLog(log: Appender, { topic, sids, orders, buyers, orderNoKey, recordKey }: OrdersToAppend) {
  for (let from = 0; from < orders; from += CHUNK) {
    const sid = sids[(from / CHUNK) % sids.length] ?? 0;
    const records = Array.from({ length: Math.min(CHUNK, orders - from) }, (_, i) => {
      const buyer = `${buyers}-${from + i}`;
      const orderNo = mintOrderNumber(orderNoKey, sid, buyer);
      const request = { stampMs: null, takesNoUnit: false, metClosed: false, maxPriceCents: null };
      const order = { orderNo, sid, buyer, replyTo: REPLY_TO, mintedAtMs: Date.now(), ...request };
      const value = encodeOrderRecord(order, recordKey);
      return { key: String(sid), value };
    });
    await log.append(topic, partitionOf(sid), records);
  }
}
