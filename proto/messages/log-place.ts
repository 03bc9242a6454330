/** Where an order is in the log: records hold one or more orders. `index`: its place inside the record, from 0. */
export type LogPlace = { partition: number; offset: bigint; index: number };

/** The place in a row of `stock_order`. Rows of orders that the log did not decide have no partition and offset. */
export type LogPlaceOfRow = { logPartition: number | null; logOffset: number | string | null; logIndex: number };

/** Whether the row is the decision of the order at this place, and not that of another record with the same number. */
export function isSamePlace({ partition, offset, index }: LogPlace, row: LogPlaceOfRow): boolean {
  return (
    row.logPartition === partition &&
    row.logOffset !== null &&
    BigInt(row.logOffset) === offset &&
    row.logIndex === index
  );
}

/** `partition/offset/index` */
export function describePlace({ partition, offset, index }: LogPlace): string {
  return `${partition}/${offset}/${index}`;
}
