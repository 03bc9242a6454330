import type { StockKind } from '../stocks/stock-table.ts';

/** A stock as the snapshot shows it, with its orders counted. */
export type AuditedStock = {
  sid: number;
  count: number;
  sale: number;
  kind: StockKind;
  currency: string;
  /** Units were added or taken away by hand. */
  unitsChanged: boolean;
  orders: number;
  /** Orders that were decided CONFIRMED, whatever has become of them. */
  confirmed: number;
  /** Confirmed orders whose unit went back. */
  returned: number;
  live: number;
  soldOut: number;
  /** Orders that the log did not decide. */
  notByLog: number;
};
