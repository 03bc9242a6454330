import type { Appender } from '../../../proto/kafka/kafka.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../../../proto/messages/order-number.ts';
import { COMPACT_VERSION } from '../../../proto/messages/order-record.ts';
import type { SecretKey } from '../../../proto/settings/secret-keys.ts';
import { createRecordEncoder } from '../../../provider/orders/record-encoder.ts';

/** `buyers` is the prefix of the buyers' names; each order has another buyer. */
export type FillLogOptions = {
  topic: string;
  sids: number[];
  orders: number;
  buyers: string;
  orderNoKey: string;
  recordKey: SecretKey;
};

const CHUNK = 1000;
/** With a reply address the order-worker publishes the decisions, as in a sale. */
const REPLY_TO = 'scaling';

/** Appends orders like a provider: one append after the other, in chunks that alternate between the stocks. */
export async function fillLog(log: Appender, { topic, sids, orders, buyers, orderNoKey, recordKey }: FillLogOptions) {
  const encodeRecords = createRecordEncoder(recordKey, COMPACT_VERSION);
  for (let from = 0; from < orders; from += CHUNK) {
    const sid = sids[(from / CHUNK) % sids.length] ?? 0;
    const chunk = Array.from({ length: Math.min(CHUNK, orders - from) }, (_, i) => {
      const buyer = `${buyers}-${from + i}`;
      const orderNo = mintOrderNumber(orderNoKey, sid, buyer);
      const request = { stampMs: null, takesNoUnit: false, metClosed: false, maxPriceCents: null };
      return { orderNo, sid, buyer, replyTo: REPLY_TO, mintedAtMs: Date.now(), ...request };
    });
    const records = encodeRecords(chunk).get(partitionOf(sid)) ?? [];
    await log.append(
      topic,
      partitionOf(sid),
      records.map(({ value }) => ({ key: null, value })),
    );
  }
}
