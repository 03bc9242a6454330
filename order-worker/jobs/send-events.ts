import type { OrderEvent } from '../../db/orders/order-event-table.ts';
import type { Appender, LogRecord } from '../../proto/kafka/kafka.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';

// Below the 3 s after which the database ends an idle connection together with the publisher's lock.
const APPEND_DEADLINE_MS = 2000;

/** Appends events to the topic, those of one stock to one partition; resolves when Kafka has acknowledged all of them. */
export async function sendEvents(log: Appender, topic: string, events: OrderEvent[], clock: Clock): Promise<void> {
  const byPartition = Map.groupBy(events, ({ sid }) => partitionOf(sid));
  const appends = [...byPartition].map(([partition, group]) => log.append(topic, partition, group.map(toRecord)));
  await withDeadline(clock, APPEND_DEADLINE_MS, 'order events', Promise.all(appends));
}

/**
 * CloudEvents 1.0 in structured mode. Readers may get an id again, also after a later event of the same order; the first events of
 * each id arrive in order.
 */
function toRecord({ orderNo, type, sid, buyer, priceCents, currency, createdAtMs }: OrderEvent): LogRecord {
  const event = {
    specversion: '1.0',
    id: `${orderNo}:${type}`,
    source: '/flash-sale/orders',
    type: `order.${type}`,
    subject: orderNo,
    time: new Date(createdAtMs).toISOString(),
    datacontenttype: 'application/json',
    data: { orderNo, sid, buyer, priceCents, currency },
  };
  return {
    key: orderNo,
    value: Buffer.from(JSON.stringify(event)),
    headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
  };
}
