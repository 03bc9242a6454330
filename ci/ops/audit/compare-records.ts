import { type AuditCheck, checked } from '../../../db/audit/audit-rules.ts';
import type { Session } from '../../../db/mysql/database.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import type { KeptRecord, LogEnds } from '../../../proto/kafka/read-log.ts';
import {
  type DecodedRecord,
  decodeOrderRecord,
  type RecordVerification,
} from '../../../proto/messages/order-record.ts';
import type { LogAudit } from './log-audit.ts';
import { type OrderRow, readOrderRows } from './read-order-rows.ts';
import type { ReplayStock } from './read-replay-stocks.ts';
import { createStockReplays, type LoggedOrder } from './stock-replays.ts';

export type ComparisonOptions = {
  session: Session;
  verification: RecordVerification;
  stocks: ReplayStock[];
  /** Compare this stock only. */
  sid: number | undefined;
  ends: LogEnds;
  /** By partition: records from this offset on may be pending. */
  decidedTo: Map<number, bigint>;
  /** `partition/offset` of each record in orders-dead. */
  deadLettered: Set<string>;
  /** Refusals of records from before this time may have been purged. */
  purgedBeforeMs: number;
};

const EXAMPLES = 3;

/** Compares the log with the rows: `take` each chunk of the log in its sequence, then `finish`. */
export function compareRecords(options: ComparisonOptions) {
  const { session, ends, stocks, purgedBeforeMs } = options;
  const replays = createStockReplays({ session, stocks, ends, purgedBeforeMs });
  const found: Found = { records: 0, deadLettered: 0, pending: [], lost: [], unexplained: [] };

  return {
    async take(partition: number, records: KeptRecord[]): Promise<void> {
      replays.noteStart(partition, records[0]?.timestampMs ?? 0);
      const orders = decodeOrders(options, found, partition, records);
      const rows = await readOrderRows(session, orders);
      const replayed = orders.filter((order) => isReplayed(options, found, order, rows.get(order.orderNo)));
      for (const [sid, group] of Map.groupBy(replayed, (order) => order.sid)) replays.take(sid, group, rows);
    },
    async finish(): Promise<LogAudit> {
      return { records: found.records, checks: checkLog(found), replays: await replays.finish() };
    },
  };
}

/** What the records of the log are, as `partition/offset` with details. */
type Found = {
  records: number;
  deadLettered: number;
  pending: string[];
  /** Passed by the workers, and without a row. */
  lost: string[];
  /** Invalid, and not in orders-dead. */
  unexplained: string[];
};

/** The valid orders of a chunk; counts all others. */
function decodeOrders(options: ComparisonOptions, found: Found, partition: number, records: KeptRecord[]) {
  const orders: LoggedOrder[] = [];
  for (const { offset, value, timestampMs } of records) {
    const place = `${partition}/${offset}`;
    const decoded = decodeOrderRecord(value, options.verification);
    const order = decoded.kind === 'order' ? decoded.order : null;
    if (order && options.sid !== undefined && order.sid !== options.sid) continue;
    found.records += 1;
    if (order && partitionOf(order.sid) === partition) {
      const { orderNo, sid, buyer, takesNoUnit } = order;
      orders.push({ orderNo, sid, buyer, takesNoUnit, offset, partition, timestampMs });
    } else if (options.deadLettered.has(place)) found.deadLettered += 1;
    else if (isPending(options, partition, offset)) found.pending.push(place);
    else found.unexplained.push(`${place} ${describeInvalid(decoded)}`);
  }
  return orders;
}

/** Whether an order takes part in the replay of its stock; counts those that do not. */
function isReplayed(options: ComparisonOptions, found: Found, order: LoggedOrder, row: OrderRow | undefined): boolean {
  const { orderNo, sid, buyer, partition, offset, timestampMs } = order;
  const place = `${partition}/${offset}`;
  const isDeadLettered = options.deadLettered.has(place);
  const isOwnRow = row?.sid === sid && row.buyer === buyer;
  // A dead letter that was appended again counts at the place where it was decided.
  const isElsewhere = isDeadLettered && String(row?.logOffset ?? '') !== String(offset);
  if (isOwnRow && !isElsewhere) return true;
  if (isDeadLettered) found.deadLettered += 1;
  else if (row) found.unexplained.push(`${place} ${orderNo}: the number belongs to another stock or buyer`);
  else if (isPending(options, partition, offset)) found.pending.push(place);
  else {
    // Only a refusal may have been purged; the replay shows whether it was one.
    if (timestampMs >= options.purgedBeforeMs) found.lost.push(`${place} ${orderNo}`);
    return true;
  }
  return false;
}

function isPending({ decidedTo }: ComparisonOptions, partition: number, offset: bigint): boolean {
  return offset >= (decidedTo.get(partition) ?? -1n);
}

function describeInvalid(decoded: DecodedRecord): string {
  switch (decoded.kind) {
    case 'order':
      return 'on the wrong partition';
    case 'invalid':
      return decoded.reason;
    case 'unknown_version':
      return `unknown record version ${decoded.version}`;
    default:
      return decoded satisfies never;
  }
}

function checkLog({ records, deadLettered, pending, lost, unexplained }: Found): AuditCheck[] {
  const describe = (places: string[], what: string) =>
    places.length === 0 ? [] : [`${places.length} ${what} (${places.slice(0, EXAMPLES).join(', ')})`];
  const missing = [
    ...describe(pending, 'without a decision (is an order-worker up?)'),
    ...describe(lost, 'passed by the workers, and without a row'),
  ];
  const invalid = describe(unexplained, 'invalid records that are not in orders-dead');
  return [
    checked(
      'every_record_decided',
      missing.length === 0,
      missing.join('; ') || `${records} records of the log, all decided`,
    ),
    checked(
      'invalid_dead_lettered',
      invalid.length === 0,
      invalid[0] ?? `${deadLettered} invalid records, all in orders-dead`,
    ),
  ];
}
