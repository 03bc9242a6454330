import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { Problem } from '../http/problem.ts';
import { BYTE_ORDER_MARK, csvLine, SpreadsheetText } from '../http/write-csv.ts';
import { orderSchema } from '../orders/order-schemas.ts';
import { type OrderView, orderView } from '../orders/order-view.ts';
import type { Providers } from '../providers/connect-providers.ts';
import { type AdminPaymentView, adminPayments, adminPaymentView } from './admin-payments.ts';

const CSV_PAGE_SIZE = 1000;
const MAX_CSV_EXPORTS = 4;

/** An order as the API returns it to administrators. */
export type AdminOrderView = Omit<OrderView, 'payments'> & {
  buyer: string;
  decidedBy: string;
  payments: AdminPaymentView[];
};

export const adminOrderSchema = Type.Object(
  {
    ...orderSchema.properties,
    payments: adminPayments,
    buyer: Type.String({ examples: ['ann'] }),
    decidedBy: Type.String({
      enum: ['log', 'direct', 'ladder'],
      description:
        '`log`: by an order-worker; `direct`: by a provider, without the log; `ladder`: by a strategy of the ladder',
    }),
  },
  { $id: 'AdminOrder', description: 'An order with its buyer' },
);

export function adminOrderView(order: Order): AdminOrderView {
  return {
    ...orderView(order),
    buyer: order.buyer,
    decidedBy: order.decidedBy,
    payments: order.payments.map(adminPaymentView),
  };
}

const COLUMNS = [
  'orderNo',
  'sid',
  'buyer',
  'name',
  'state',
  'decision',
  'quantity',
  'unitPrice',
  'total',
  'currency',
  'reference',
  'metadata',
  'createdAt',
  'payBy',
  'paidAt',
  'endedAt',
  'activeOrderNo',
  'decidedBy',
] as const;
type Column = (typeof COLUMNS)[number];

/** Ids, which a spreadsheet must not convert. */
const IDS: ReadonlySet<string> = new Set(['orderNo', 'sid', 'buyer', 'reference', 'activeOrderNo'] satisfies Column[]);

/** `forSpreadsheet`: with a byte order mark, and with ids as texts. */
export type CsvRequest = { sid: number; cursor: string; forSpreadsheet: boolean };

/**
 * Exports all orders of a stock as CSV. Pages are read as fast as the client reads the response. `record` runs before the first line. Throws
 * Problem `busy` when too many exports run.
 */
export function createCsvExport(
  providers: Pick<Providers, 'listOrders'>,
): (request: CsvRequest, record: () => Promise<unknown>) => Promise<Readable> {
  let running = 0;

  async function* lines({ sid, forSpreadsheet }: CsvRequest, first: Order[], next: string): AsyncGenerator<string> {
    yield `${forSpreadsheet ? BYTE_ORDER_MARK : ''}${csvLine([...COLUMNS])}`;
    let orders = first;
    let cursor = next;
    for (;;) {
      if (orders.length > 0) yield orders.map((order) => toLine(adminOrderView(order), forSpreadsheet)).join('');
      if (cursor === '') return;
      const page = await providers.listOrders({ buyer: '', sid, cursor, pageSize: CSV_PAGE_SIZE });
      orders = page.orders;
      cursor = page.nextCursor;
    }
  }

  return async (request, record) => {
    const { sid, cursor } = request;
    if (running >= MAX_CSV_EXPORTS) throw new Problem('busy', `${MAX_CSV_EXPORTS} exports are already running.`);
    running += 1;
    try {
      // The first page is read before the response starts, so that an error becomes a problem and not half a file.
      const { orders, nextCursor } = await providers.listOrders({ buyer: '', sid, cursor, pageSize: CSV_PAGE_SIZE });
      await record();
      const stream = Readable.from(lines(request, orders, nextCursor));
      // Emitted after the last line, after an error, and when the client disconnects.
      stream.once('close', () => {
        running -= 1;
      });
      return stream;
    } catch (error) {
      running -= 1;
      throw error;
    }
  };
}

function toLine(view: AdminOrderView, forSpreadsheet: boolean): string {
  const cell = (column: Column) => {
    const value = cellOf(view, column);
    return forSpreadsheet && value !== null && IDS.has(column) ? new SpreadsheetText(value) : value;
  };
  return csvLine(COLUMNS.map(cell));
}

/** Amounts are in the smallest unit of the column `currency`. */
function cellOf(view: AdminOrderView, column: Column): string | number | null {
  switch (column) {
    case 'unitPrice':
    case 'total':
      return view[column]?.amount ?? null;
    case 'currency':
      return view.unitPrice?.currency ?? null;
    case 'metadata':
      return view.metadata && Object.keys(view.metadata).length > 0 ? JSON.stringify(view.metadata) : null;
    default:
      return view[column];
  }
}
