import { type AuditCheck, checked } from '../../../db/audit/audit-rules.ts';
import type { Database, Session } from '../../../db/mysql/database.ts';
import { CONFIRMED_STATES } from '../../../db/orders/order-states.ts';
import { isBeyondMark, readEventMarks } from '../../../db/outbox/event-marks.ts';
import { MIN_KEPT_DAYS } from '../../../db/stocks/purge-rules.ts';
import { readOrderEventData } from '../../../order-worker/events/order-event-message.ts';
import type { KafkaTarget } from '../../../proto/kafka/kafka.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { type KeptRecord, readLog, readLogEnds } from '../../../proto/kafka/read-log.ts';
import type { topicNames } from '../../../proto/kafka/topics.ts';
import { waitUntil } from '../../command/wait-until.ts';

export type EventComparison = {
  database: Database;
  kafka: KafkaTarget;
  names: ReturnType<typeof topicNames>;
  /** Compare these stocks. */
  sids: number[];
};

type PublishedEvent = { type: string; subject: string; data: object };
type EventRow = {
  orderNo: string;
  sid: number;
  buyer: string;
  priceCents: number;
  quantity: number;
  isConfirmed: number;
};
type LoggedRow = { orderNo: string; createTime: Date; logPartition: number; logOffset: number | string; readAt: Date };

/** What the event topic has of one stock. Memory: about 100 bytes for each confirmed order. */
type Published = { confirmed: Set<string>; wrong: string[] };

const STATEMENT_MS = 60_000;
const TOPIC_BACK_WITHIN_MS = 30_000;
const PAGE = 1000;
const EXAMPLES = 3;
const DAY_MS = 86_400_000;
/** The clocks of broker and database may differ by this much. */
const CLOCKS_MS = 5000;

/**
 * Compares the event topic, up to its present end, with the rows, by stock: what was published as confirmed is confirmed
 * (`never_taken_back`), and each order that the log confirmed is published or has a row of the outbox (`events_complete`).
 */
export async function compareEvents({
  database,
  kafka,
  names,
  sids,
}: EventComparison): Promise<Map<number, AuditCheck[]>> {
  const audit = database.withStatementMs(STATEMENT_MS);
  // Before the topic's end: what is before a mark is on the topic or has a row.
  const marks = await audit.session((session) => readEventMarks(session, names.orders));
  const limit = { limitMs: TOPIC_BACK_WITHIN_MS };
  const ends = await waitUntil('the event topic', () => readLogEnds(kafka, names.orderEvents), limit);
  const partitions = new Set(sids.map(partitionOf));
  const published = new Map(sids.map((sid): [number, Published] => [sid, { confirmed: new Set(), wrong: [] }]));
  /** By partition: when the oldest event was appended, if older ones were deleted. */
  const trimmedMs = new Map<number, number>();
  for (const [partition, { first, end }] of ends) if (first > 0n && first === end) trimmedMs.set(partition, Date.now());
  const wanted = new Map([...ends].filter(([partition]) => partitions.has(partition)));
  return audit.session(async (session) => {
    await readLog(kafka, names.orderEvents, wanted, async (partition, records) => {
      const isTrimmed = (ends.get(partition)?.first ?? 0n) > 0n;
      if (isTrimmed && !trimmedMs.has(partition)) trimmedMs.set(partition, records[0]?.timestampMs ?? 0);
      await compareRows(session, published, records);
    });
    const checks = new Map<number, AuditCheck[]>();
    for (const [sid, ofStock] of published) {
      const partition = partitionOf(sid);
      const isUnpublished = (row: LoggedRow) => isBeyondMark(marks.get(partition), placeOf(row));
      const found = await findMissing(session, sid, ofStock, {
        isUnpublished,
        trimmedMs: trimmedMs.get(partition) ?? 0,
      });
      checks.set(sid, [checkTaken(ofStock), checkComplete(ofStock, found)]);
    }
    return checks;
  });
}

function placeOf({ logOffset, createTime }: LoggedRow) {
  return { offset: BigInt(logOffset), createdAtMs: createTime.getTime() };
}

/** Notes the confirmed orders of a chunk of the topic, and those whose rows say something else. */
async function compareRows(session: Session, published: Map<number, Published>, records: KeptRecord[]): Promise<void> {
  const events = records
    .map(({ value }) => JSON.parse(String(value)) as PublishedEvent)
    // Those of draws and lines have no price.
    .filter(({ type }) => type === 'order.confirmed')
    .map(({ subject, data }) => {
      const { sid, buyer, unitPrice, quantity } = readOrderEventData(data);
      return { subject, data: { sid: Number(sid), buyer, priceCents: unitPrice.amount, quantity } };
    });
  const confirmed = events.filter(({ data }) => published.has(data.sid));
  if (confirmed.length === 0) return;
  const rows = await session.rows<EventRow>(
    `SELECT order_no AS orderNo, sid, buyer, price_cents AS priceCents, quantity, state IN ${CONFIRMED_STATES} AS isConfirmed
     FROM stock_order WHERE order_no IN (?)`,
    [[...new Set(confirmed.map(({ subject }) => subject))]],
  );
  const rowOf = new Map(rows.map((row) => [row.orderNo, row]));
  for (const { subject, data } of confirmed) {
    const ofStock = published.get(data.sid) as Published;
    const row = rowOf.get(subject);
    ofStock.confirmed.add(subject);
    if (!row) ofStock.wrong.push(`${subject}: published as confirmed, without a row`);
    else if (!row.isConfirmed) ofStock.wrong.push(`${subject}: published as confirmed, and refused`);
    else if (row.sid !== data.sid || row.buyer !== data.buyer || row.priceCents !== data.priceCents)
      ofStock.wrong.push(`${subject}: published with another stock, buyer or price`);
    else if (row.quantity !== data.quantity) ofStock.wrong.push(`${subject}: published with another quantity`);
  }
}

type Missing = { missing: string[]; unpublished: number; tooOld: number };

/** The orders of a stock that the log confirmed, and that are neither on the topic nor in the outbox. */
async function findMissing(
  session: Session,
  sid: number,
  { confirmed }: Published,
  { isUnpublished, trimmedMs }: { isUnpublished(row: LoggedRow): boolean; trimmedMs: number },
): Promise<Missing> {
  const found: Missing = { missing: [], unpublished: 0, tooOld: 0 };
  // The order numbers of a stock begin with its id and a dash.
  for (let after = `${sid}-`; ; ) {
    const rows = await session.rows<LoggedRow>(
      `SELECT order_no AS orderNo, create_time AS createTime, log_partition AS logPartition, log_offset AS logOffset, NOW(3) AS readAt
       FROM stock_order WHERE order_no > ? AND order_no < ? AND sid = ? AND decided_by = 'log' AND buyer <> order_no
         AND state IN ${CONFIRMED_STATES} ORDER BY order_no LIMIT ?`,
      [after, `${sid}.`, sid, PAGE],
    );
    const absent = rows.filter(({ orderNo }) => !confirmed.has(orderNo));
    const kept = await readKept(session, absent);
    for (const row of absent.filter(({ orderNo }) => !kept.has(orderNo))) {
      const createdAtMs = row.createTime.getTime();
      const isTooOld =
        createdAtMs < Math.max(trimmedMs + CLOCKS_MS, row.readAt.getTime() - (MIN_KEPT_DAYS - 1) * DAY_MS);
      if (isUnpublished(row)) found.unpublished += 1;
      else if (isTooOld) found.tooOld += 1;
      else found.missing.push(row.orderNo);
    }
    if (rows.length < PAGE) return found;
    after = rows.at(-1)?.orderNo ?? after;
  }
}

async function readKept(session: Session, orders: { orderNo: string }[]): Promise<Set<string>> {
  if (orders.length === 0) return new Set();
  const rows = await session.rows<{ orderNo: string }>(
    `SELECT order_no AS orderNo FROM order_event WHERE order_no IN (?) AND type = 'confirmed'`,
    [orders.map(({ orderNo }) => orderNo)],
  );
  return new Set(rows.map(({ orderNo }) => orderNo));
}

function checkTaken({ confirmed, wrong }: Published): AuditCheck {
  const fine = `${confirmed.size} orders on the event topic, all confirmed`;
  return checked('never_taken_back', wrong.length === 0, wrong.length === 0 ? fine : describe(wrong));
}

function checkComplete({ confirmed }: Published, { missing, unpublished, tooOld }: Missing): AuditCheck {
  const notes = [
    ...(unpublished > 0 ? [`not checked: ${unpublished} that the workers are publishing`] : []),
    ...(tooOld > 0 ? [`not checked: ${tooOld} from before the oldest event that is kept`] : []),
  ];
  if (missing.length > 0) return checked('events_complete', false, `no event confirmed: ${describe(missing)}`);
  return checked('events_complete', true, [`${confirmed.size} confirmed on the event topic`, ...notes].join('; '));
}

const describe = (found: string[]) => `${found.length} (${found.slice(0, EXAMPLES).join(', ')})`;
