import type { OutboxEvent } from '../../db/outbox/publish-events.ts';
import type { Appender, LogRecord } from '../../proto/kafka/kafka.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { toOrderEventMessage } from './order-event-message.ts';
import { toDrawEventMessage } from './to-draw-event-message.ts';

type EventAppender = Pick<Appender, 'appendAll'>;

// Below the 3 s after which the database ends an idle connection together with the publisher's lock.
const APPEND_DEADLINE_MS = 2000;

/** A batch of records has at most 1 MB in one partition. An event has less than 1 kB, and its metadata. */
const MAX_EVENTS = 1000;
const MAX_EVENTS_WITH_METADATA = 200;

/** Appends events to the topic, those of one stock to one partition; resolves when Kafka has acknowledged all of them. */
export async function sendEvents(
  log: EventAppender,
  topic: string,
  events: OutboxEvent[],
  clock: Clock,
): Promise<void> {
  await withDeadline(clock, APPEND_DEADLINE_MS, 'order events', appendEvents(log, topic, events));
}

async function appendEvents(log: EventAppender, topic: string, events: OutboxEvent[]): Promise<void> {
  const most = events.some((event) => 'metadata' in event && event.metadata !== null)
    ? MAX_EVENTS_WITH_METADATA
    : MAX_EVENTS;
  for (let from = 0; from < events.length; from += most) {
    const chunk = events.slice(from, from + most);
    const byPartition = Map.groupBy(chunk, ({ sid }) => partitionOf(sid));
    await log.appendAll(topic, new Map([...byPartition].map(([partition, group]) => [partition, group.map(toRecord)])));
  }
}

/** Readers may get an id again, also after a later event of the same order; the first events of each id arrive in order. */
function toRecord(event: OutboxEvent): LogRecord {
  return {
    key: event.orderNo,
    value: Buffer.from(JSON.stringify('attempt' in event ? toDrawEventMessage(event) : toOrderEventMessage(event))),
    headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
  };
}
