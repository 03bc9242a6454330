import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { Problem } from '../http/problem.ts';
import { BYTE_ORDER_MARK, csvLine, SpreadsheetText } from '../http/write-csv.ts';
import { orderSchema, paymentProperties } from '../orders/order-schemas.ts';
import { type OrderView, orderView, type PaymentView, paymentView } from '../orders/order-view.ts';
import type { Providers } from '../providers/connect-providers.ts';

const CSV_PAGE_SIZE = 1000;
const CSV_AT_ONCE = 4;

/** An order as an administrator sees it. */
export type AdminOrderView = Omit<OrderView, 'payments'> & {
  buyer: string;
  decidedBy: string;
  payments: AdminPaymentView[];
};

/** `reason`: why the money goes back, empty where it does not. */
type AdminPaymentView = PaymentView & { reason: string };

export const adminPayments = Type.Array(
  Type.Object({
    ...paymentProperties,
    reason: Type.String({ description: 'Why the money goes back; empty where it does not' }),
  }),
  { description: 'Oldest first' },
);

export const adminOrderSchema = Type.Object(
  {
    ...orderSchema.properties,
    payments: adminPayments,
    buyer: Type.String({ examples: ['ann'] }),
    decidedBy: Type.String({ enum: ['log', 'direct', 'ladder'], description: 'By way of the log, or without it' }),
  },
  { $id: 'AdminOrder', additionalProperties: false, description: 'An order with its buyer' },
);

export function adminOrderView(order: Order): AdminOrderView {
  return { ...orderView(order), buyer: order.buyer, decidedBy: order.decidedBy, payments: adminPaymentViews(order) };
}

export function adminPaymentViews({ payments }: Order): AdminPaymentView[] {
  return payments.map((payment) => ({ ...paymentView(payment), reason: payment.reason }));
}

const COLUMNS = [
  'orderNo',
  'sid',
  'buyer',
  'name',
  'state',
  'decision',
  'priceCents',
  'currency',
  'createdAt',
  'payBy',
  'paidAt',
  'endedAt',
  'liveOrderNo',
  'decidedBy',
] as const satisfies (keyof AdminOrderView)[];

/** What identifies something, and must not change on its way through a spreadsheet. */
const IDS: ReadonlySet<string> = new Set(['orderNo', 'sid', 'buyer', 'liveOrderNo'] satisfies (keyof AdminOrderView)[]);

/** `forSpreadsheet`: with a byte order mark, and ids that stay texts. */
export type CsvRequest = { sid: number; cursor: string; forSpreadsheet: boolean };

/** All orders of a stock as CSV, read a page at a time as fast as the caller takes them; so many at once and no more. `record` runs before the first line. */
export function createCsvExport(
  providers: Pick<Providers, 'listOrders'>,
): (wish: CsvRequest, record: () => Promise<unknown>) => Promise<Readable> {
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

  return async (wish, record) => {
    const { sid, cursor } = wish;
    if (running >= CSV_AT_ONCE) throw new Problem('busy', `${CSV_AT_ONCE} lists are being written already.`);
    running += 1;
    try {
      // The first page is read before the answer begins, so that what is wrong with it is a problem and not half a file.
      const { orders, nextCursor } = await providers.listOrders({ buyer: '', sid, cursor, pageSize: CSV_PAGE_SIZE });
      await record();
      const stream = Readable.from(lines(wish, orders, nextCursor));
      // However it ends: all is written, a page failed, or the caller went away.
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
  const cell = (column: (typeof COLUMNS)[number]) => {
    const value = view[column];
    return forSpreadsheet && value !== null && IDS.has(column) ? new SpreadsheetText(value) : value;
  };
  return csvLine(COLUMNS.map(cell));
}
