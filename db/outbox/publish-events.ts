import type { OrderDetails } from '../../proto/messages/order-details.ts';
import { type DrawEvent, type DrawEventRow, type DrawEventType, readDrawEvents } from '../draws/draw-event-table.ts';
import type { Database, Session } from '../mysql/database.ts';
import type { OrderEvent, OrderEventType } from '../orders/order-event-table.ts';
import { type ConfirmedOrder, readConfirmedOrders } from './confirmed-orders.ts';
import { isBeyondMark, readEventMarks } from './event-marks.ts';

/** A row of the outbox, with what is published. */
export type OutboxEvent = OrderEvent | DrawEvent;

export type PublishOptions = {
  /** The topic of the orders, whose workers publish most events `confirmed` themselves. */
  orderTopic: string;
  /** Maximum number of events in one batch; all unpublished events of an order are in one. */
  batch: number;
  /**
   * Publishes the events, those of one order in their order, and resolves when all are acknowledged. It must give up well before the
   * connection's idle limit (3 s), after which the lock is lost.
   */
  publish(events: OutboxEvent[]): Promise<void>;
};

/** `elsewhere`: another process is publishing. */
export type PublishResult = { published: number; more: boolean; elsewhere: boolean };

/** All databases of a server share its locks. Their names have at most 64 characters. */
const LOCK = `CONCAT('order-events:', LEFT(SHA2(DATABASE(), 256), 32))`;

/**
 * Publishes one batch of unpublished events at least once, those of one order in their order. One process at a time: the lock belongs
 * to the connection that reads and marks the events, so a process that loses it cannot mark anything.
 */
export function publishEvents(database: Database, options: PublishOptions): Promise<PublishResult> {
  // A rejection destroys the connection together with the lock.
  return database.session(async (session) => {
    const [taken] = await session.rows<{ ok: number | null }>(`SELECT GET_LOCK(${LOCK}, 0) AS ok`);
    if (taken?.ok !== 1) return { published: 0, more: false, elsewhere: true };
    // Before the events: what is before a mark has been acknowledged, or has a row that is read now.
    const marks = await readEventMarks(session, options.orderTopic);
    const events = await readUnpublished(session, options.batch);
    if (events.length > 0) {
      const marksNow = await readEventMarks(session, options.orderTopic);
      const isUnsure = (order: ConfirmedOrder) => {
        const mark = marks.get(order.partition);
        return mark?.life !== marksNow.get(order.partition)?.life || isBeyondMark(mark, order);
      };
      await options.publish(await addConfirmed(session, isUnsure, events));
      await markPublished(session, events);
    }
    await session.rows(`SELECT RELEASE_LOCK(${LOCK}) AS ok`);
    return { published: events.length, more: events.length >= options.batch, elsewhere: false };
  });
}

type EventType = OrderEventType | DrawEventType;
type Details = Required<OrderDetails> & { payByMs: number | null };
type EventRow = Omit<OrderEvent, 'type' | 'createdAtMs' | keyof Details> & { type: EventType; createTime: Date };
type DetailsRow = Required<OrderDetails> & { orderNo: string; payBy: Date | null };

/** The sequence in which the events of an order can happen. Those of a draw come before its offers, and after them. */
const EVENT_SEQUENCE: EventType[] = [
  ...(['stated', 'drawn', 'confirmed', 'offer_made', 'paid'] as const),
  ...(['expired', 'offer_expired', 'cancelled', 'refunded', 'line_ended'] as const),
];
const rankOf = ({ type }: { type: EventType }) => EVENT_SEQUENCE.indexOf(type);

const NO_DETAILS: Details = { quantity: 1, reference: null, metadata: null, payByMs: null };

/**
 * The oldest orders with unpublished events, and then all events of these orders: after the database's clock was set back, a later
 * event of an order can have the earlier time.
 */
async function readUnpublished(session: Session, batch: number): Promise<OutboxEvent[]> {
  const oldest = await session.rows<{ orderNo: string }>(
    'SELECT order_no AS orderNo FROM order_event WHERE published_at IS NULL ORDER BY create_time LIMIT ?',
    [batch],
  );
  if (oldest.length === 0) return [];
  const orderNos = [...new Set(oldest.map(({ orderNo }) => orderNo))];
  const rows = await session.rows<EventRow>(
    `SELECT e.order_no AS orderNo, e.type, e.sid, e.buyer, e.price_cents AS priceCents, s.currency,
       e.create_time AS createTime FROM order_event e JOIN stock s ON s.id = e.sid
     WHERE e.order_no IN (?) AND e.published_at IS NULL ORDER BY e.order_no`,
    [orderNos],
  );
  const detailsOf = await readDetails(session, orderNos);
  const orders: OrderEvent[] = [];
  const draws: DrawEventRow[] = [];
  for (const { createTime, type, ...rest } of rows) {
    const { orderNo, sid } = rest;
    const createdAtMs = createTime.getTime();
    if (isOfDraw(type)) draws.push({ orderNo, type, sid, createdAtMs });
    else orders.push({ ...rest, ...(detailsOf.get(orderNo) ?? NO_DETAILS), type, createdAtMs });
  }
  return [...orders, ...(await readDrawEvents(session, draws))].toSorted((a, b) => rankOf(a) - rankOf(b));
}

function isOfDraw(type: EventType): type is DrawEventType {
  return type === 'stated' || type === 'drawn' || type === 'line_ended';
}

async function readDetails(session: Session, orderNos: string[]): Promise<Map<string, Details>> {
  const rows = await session.rows<DetailsRow>(
    'SELECT order_no AS orderNo, quantity, reference, metadata, pay_by AS payBy FROM stock_order WHERE order_no IN (?)',
    [orderNos],
  );
  return new Map(
    rows.map(({ orderNo, payBy, ...details }) => [orderNo, { ...details, payByMs: payBy?.getTime() ?? null }]),
  );
}

/** Before a later event of an order whose worker may not have published it yet, `confirmed` is published here. */
async function addConfirmed(
  session: Session,
  isUnsure: (order: ConfirmedOrder) => boolean,
  events: OutboxEvent[],
): Promise<OutboxEvent[]> {
  const included = new Set(events.filter(({ type }) => type === 'confirmed').map(({ orderNo }) => orderNo));
  const others = new Set(events.map(({ orderNo }) => orderNo).filter((orderNo) => !included.has(orderNo)));
  const confirmed = await readConfirmedOrders(session, [...others]);
  return [...confirmed.filter(isUnsure).map(({ event }) => event), ...events];
}

async function markPublished(session: Session, events: OutboxEvent[]): Promise<void> {
  // One range of the primary key for each type: not every server uses the key for pairs.
  for (const [type, group] of Map.groupBy(events, (event): EventType => event.type)) {
    await session.change('UPDATE order_event SET published_at = NOW(3) WHERE order_no IN (?) AND type = ?', [
      group.map(({ orderNo }) => orderNo),
      type,
    ]);
  }
}
