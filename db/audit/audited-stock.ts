import type { StockKind } from '../stocks/stock-table.ts';

/** A stock as the snapshot shows it, with its orders counted. */
export type AuditedStock = {
  sid: number;
  count: number;
  sale: number;
  kind: StockKind;
  currency: string;
  /** An administrator added or removed units. */
  unitsChanged: boolean;
  /** Its units go to offers, or did: a draw, a line, or a rush that had a line. */
  hasDraw: boolean;
  orders: number;
  /** Orders that were decided CONFIRMED, in any state. */
  confirmed: number;
  /** Confirmed orders whose unit was returned. */
  returned: number;
  active: number;
  activeUnits: number;
  confirmedUnits: number;
  /** Units of the largest order; 1 without orders. */
  largestQuantity: number;
  soldOut: number;
  /** Orders that the log did not decide. */
  notByLog: number;
};
