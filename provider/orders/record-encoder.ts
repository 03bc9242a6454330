import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { countForRecord } from '../../proto/messages/compact-orders.ts';
import {
  encodeCompactRecord,
  encodeOrderRecord,
  type LoggedOrder,
  SINGLE_VERSION,
} from '../../proto/messages/order-record.ts';
import type { SecretKey } from '../../proto/settings/secret-keys.ts';

/** A signed record, and the stocks of its orders in their sequence. */
export type RecordToAppend = { sids: number[]; value: Buffer };

/** The records of the orders of one call, by partition. The orders of a partition keep their sequence. */
export type EncodeRecords = (orders: LoggedOrder[]) => Map<number, RecordToAppend[]>;

/**
 * Version 3: a call has one record for each partition and 500 orders, so that it is signed once; fewer orders if their details are long. Version
 * 2: one record for each order.
 */
export function createRecordEncoder(key: SecretKey, version: number): EncodeRecords {
  const encodeAll = (orders: LoggedOrder[]): RecordToAppend[] => {
    if (version === SINGLE_VERSION) {
      return orders.map((order) => ({ sids: [order.sid], value: encodeOrderRecord(order, key) }));
    }
    const records: RecordToAppend[] = [];
    for (let from = 0; from < orders.length; ) {
      const together = orders.slice(from, from + countForRecord(orders, from));
      from += together.length;
      records.push({ sids: together.map(({ sid }) => sid), value: encodeCompactRecord(together, key) });
    }
    return records;
  };
  return (orders) => {
    const byPartition = Map.groupBy(orders, ({ sid }) => partitionOf(sid));
    return new Map([...byPartition].map(([partition, group]) => [partition, encodeAll(group)]));
  };
}
