import { type AuditCheck, checked } from '../../../db/audit/audit-rules.ts';
import type { Session } from '../../../db/mysql/database.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import type { KeptRecord, LogEnds } from '../../../proto/kafka/read-log.ts';
import { describePlace, isSamePlace, type LogPlace } from '../../../proto/messages/log-place.ts';
import {
  type DecodedRecord,
  decodeOrderRecord,
  type RecordVerification,
} from '../../../proto/messages/order-record.ts';
import type { LogAudit } from './log-audit.ts';
import { type OrderRow, readOrderRows } from './read-order-rows.ts';
import type { ReplayStock } from './read-replay-stocks.ts';
import { createStockReplays, type LoggedOrder as ReplayableOrder } from './stock-replays.ts';

type LoggedOrder = ReplayableOrder & { isOnly: boolean };
type DecodedOrder = Extract<DecodedRecord, { kind: 'orders' }>['orders'][number];

export type ComparisonOptions = {
  session: Session;
  verification: RecordVerification;
  stocks: ReplayStock[];
  /** Compare this stock only. */
  sid: number | undefined;
  ends: LogEnds;
  /** By partition: records from this offset on may be pending. */
  decidedTo: Map<number, bigint>;
  /** The keys of orders-dead: `partition/offset`, or `partition/offset/index` of one order of several. */
  deadLettered: Set<string>;
  /** Refusals of records from before this time may have been purged. */
  purgedBeforeMs: number;
};

const EXAMPLES = 3;
/** Orders whose rows are read together. */
const CHUNK = 1000;

/** Compares the log with the rows: `take` each chunk of the log in its sequence, then `finish`. */
export function compareRecords(options: ComparisonOptions) {
  const { session, ends, stocks, purgedBeforeMs } = options;
  const replays = createStockReplays({ session, stocks, ends, purgedBeforeMs });
  const found: Found = { records: 0, orders: 0, deadLettered: 0, pending: [], lost: [], unexplained: [] };

  async function compareOrders(orders: LoggedOrder[]): Promise<void> {
    const rows = await readOrderRows(session, orders);
    const replayed = orders.filter((order) => isReplayed(options, found, order, rows.get(order.orderNo)));
    for (const [sid, group] of Map.groupBy(replayed, (order) => order.sid)) replays.take(sid, group, rows);
  }

  return {
    async take(partition: number, records: KeptRecord[]): Promise<void> {
      replays.noteStart(partition, records[0]?.timestampMs ?? 0);
      let orders: LoggedOrder[] = [];
      for (const record of records) {
        orders.push(...decodeOrders(options, found, partition, record));
        if (orders.length < CHUNK) continue;
        await compareOrders(orders);
        orders = [];
      }
      await compareOrders(orders);
    },
    async finish(): Promise<LogAudit> {
      return { records: found.records, checks: checkLog(found), replays: await replays.finish() };
    },
  };
}

/** What the log holds, as `partition/offset` with details, and `/index` for one order of several. */
type Found = {
  records: number;
  orders: number;
  deadLettered: number;
  pending: string[];
  /** Passed by the workers, and without a row. */
  lost: string[];
  /** Invalid, and not in orders-dead. */
  unexplained: string[];
};

/** The valid orders of a record; counts all others. */
function decodeOrders(
  options: ComparisonOptions,
  found: Found,
  partition: number,
  { offset, value, timestampMs }: KeptRecord,
): LoggedOrder[] {
  const decoded = decodeOrderRecord(value, options.verification);
  if (decoded.kind !== 'orders') {
    found.records += 1;
    countInvalid(options, found, {
      partition,
      offset,
      key: `${partition}/${offset}`,
      reason: describeInvalid(decoded),
    });
    return [];
  }
  const isOther = (order: DecodedOrder) =>
    options.sid !== undefined && !('invalid' in order) && order.sid !== options.sid;
  if (decoded.orders.every(isOther)) return [];
  found.records += 1;
  const isOnly = decoded.orders.length === 1;
  return decoded.orders.flatMap((order, index) => {
    if (isOther(order)) return [];
    found.orders += 1;
    const isHere = !('invalid' in order) && partitionOf(order.sid) === partition;
    if (isHere) {
      const { orderNo, sid, buyer, takesNoUnit, quantity = 1 } = order;
      return [{ orderNo, sid, buyer, takesNoUnit, quantity, offset, partition, index, isOnly, timestampMs }];
    }
    const key = keyOf({ partition, offset, index, isOnly });
    const reason = 'invalid' in order ? order.invalid : 'on the wrong partition';
    countInvalid(options, found, { partition, offset, key, reason });
    return [];
  });
}

/** The key that its dead letter has. */
function keyOf({ partition, offset, index, isOnly }: LogPlace & { isOnly: boolean }): string {
  return isOnly ? `${partition}/${offset}` : describePlace({ partition, offset, index });
}

type InvalidPart = { partition: number; offset: bigint; key: string; reason: string };

function countInvalid(options: ComparisonOptions, found: Found, { partition, offset, key, reason }: InvalidPart): void {
  if (options.deadLettered.has(key)) found.deadLettered += 1;
  else if (isPending(options, partition, offset)) found.pending.push(key);
  else found.unexplained.push(`${key} ${reason}`);
}

/** Whether an order takes part in the replay of its stock; counts those that do not. */
function isReplayed(options: ComparisonOptions, found: Found, order: LoggedOrder, row: OrderRow | undefined): boolean {
  const { orderNo, sid, buyer, partition, offset, timestampMs } = order;
  const place = keyOf(order);
  const isDeadLettered = options.deadLettered.has(place);
  const isOwnRow = row?.sid === sid && row.buyer === buyer;
  // A dead letter that was appended again counts at the place where it was decided.
  const isElsewhere = isDeadLettered && row !== undefined && !isSamePlace(order, row);
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

function describeInvalid(decoded: Exclude<DecodedRecord, { kind: 'orders' }>): string {
  switch (decoded.kind) {
    case 'invalid':
      return decoded.reason;
    case 'unknown_version':
      return `unknown record version ${decoded.version}`;
    default:
      return decoded satisfies never;
  }
}

function checkLog({ records, orders, deadLettered, pending, lost, unexplained }: Found): AuditCheck[] {
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
      missing.join('; ') || `${orders} orders in ${records} records of the log, all decided`,
    ),
    checked(
      'invalid_dead_lettered',
      invalid.length === 0,
      invalid[0] ?? `${deadLettered} invalid records, all in orders-dead`,
    ),
  ];
}
