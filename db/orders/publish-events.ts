import { createHash } from 'node:crypto';
import type { Database, Session } from '../mysql/database.ts';
import type { OrderEvent, OrderEventType } from './order-event-table.ts';

export type PublishOptions = {
  /** Maximum number of orders in one batch, each with all of its unpublished events. */
  batch: number;
  /**
   * Publishes the events, those of one order in their order, and resolves when all are acknowledged. It must give up well before the
   * connection's idle limit (3 s), after which the lock is lost.
   */
  publish(events: OrderEvent[]): Promise<void>;
};

/** `elsewhere`: another process is publishing. */
export type PublishResult = { published: number; more: boolean; elsewhere: boolean };

/**
 * Publishes one batch of unpublished events at least once, those of one order in their order. One process at a time: the lock belongs
 * to the connection that reads and marks the events, so a process that loses it cannot mark anything.
 */
export function publishEvents(database: Database, options: PublishOptions): Promise<PublishResult> {
  // A rejection destroys the connection together with the lock.
  return database.session(async (session) => {
    const lock = await lockName(session);
    const [taken] = await session.rows<{ ok: number | null }>('SELECT GET_LOCK(?, 0) AS ok', [lock]);
    if (taken?.ok !== 1) return { published: 0, more: false, elsewhere: true };
    const events = await readUnpublished(session, options.batch);
    if (events.length > 0) {
      await options.publish(events);
      await markPublished(session, events);
    }
    await session.rows('SELECT RELEASE_LOCK(?)', [lock]);
    return { published: events.length, more: events.length >= options.batch, elsewhere: false };
  });
}

/** All databases of a server share its locks. Their names have at most 64 characters. */
async function lockName(session: Session): Promise<string> {
  const [row] = await session.rows<{ name: string }>('SELECT DATABASE() AS name');
  return `order-events:${createHash('sha256')
    .update(row?.name ?? '')
    .digest('hex')
    .slice(0, 32)}`;
}

type EventRow = Omit<OrderEvent, 'createdAtMs'> & { createTime: Date };

/**
 * The oldest orders with unpublished events, and then all events of these orders: after the database's clock was set back, a later
 * event of an order can have the earlier time.
 */
async function readUnpublished(session: Session, batch: number): Promise<OrderEvent[]> {
  const oldest = await session.rows<{ orderNo: string }>(
    `SELECT DISTINCT order_no AS orderNo FROM (
       SELECT order_no FROM order_event WHERE published_at IS NULL ORDER BY create_time LIMIT ?) AS oldest`,
    [batch],
  );
  if (oldest.length === 0) return [];
  const rows = await session.rows<EventRow>(
    `SELECT e.order_no AS orderNo, e.type, e.sid, e.buyer, e.price_cents AS priceCents, s.currency,
       e.create_time AS createTime FROM order_event e JOIN stock s ON s.id = e.sid
     WHERE e.order_no IN (?) AND e.published_at IS NULL ORDER BY e.order_no, e.type`,
    [oldest.map(({ orderNo }) => orderNo)],
  );
  return rows.map(({ createTime, ...rest }) => ({ ...rest, createdAtMs: createTime.getTime() }));
}

async function markPublished(session: Session, events: OrderEvent[]): Promise<void> {
  // One range of the primary key for each type: not every server uses the key for pairs.
  for (const [type, group] of Map.groupBy(events, (event): OrderEventType => event.type)) {
    await session.change('UPDATE order_event SET published_at = NOW(3) WHERE order_no IN (?) AND type = ?', [
      group.map(({ orderNo }) => orderNo),
      type,
    ]);
  }
}
