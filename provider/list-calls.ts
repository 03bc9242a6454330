import { listOrders, type OrderFilter, type OrderPosition } from '../db/order-table.ts';
import { useSession } from '../db/use-session.ts';
import type { ListOrdersRequest } from '../proto/gen/flashsale/v1/ListOrdersRequest.ts';
import type { OrderServiceHandlers } from '../proto/gen/flashsale/v1/OrderService.ts';
import { isBuyer, isOrderNo } from '../proto/order-record.ts';
import { checkRange, checkStockId } from './check-request.ts';
import { InvalidFieldError } from './describe-fault.ts';
import type { OrderServiceParts } from './order-service.ts';
import { readOrderMessages } from './read-order-messages.ts';

const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;

/** Lists of orders, newest first. */
export function listCalls({ mysql, statementMs, answer }: Pick<OrderServiceParts, 'mysql' | 'statementMs' | 'answer'>) {
  return {
    ListOrders: answer(async (request) => {
      const filter = checkFilter(request);
      const behind = request.cursor === '' ? null : readCursor(request.cursor);
      const pageSize = checkRange('page_size', request.pageSize, 0, MAX_PAGE_SIZE) || PAGE_SIZE;
      return useSession(mysql, statementMs, async (session) => {
        const found = await listOrders(session, filter, behind, pageSize + 1);
        const page = found.slice(0, pageSize);
        const last = page.at(-1);
        const nextCursor = last && found.length > pageSize ? writeCursor(last) : '';
        return { orders: await readOrderMessages(session, page), nextCursor };
      });
    }),
  } satisfies Pick<OrderServiceHandlers, 'ListOrders'>;
}

function checkFilter({ buyer, sid }: ListOrdersRequest): OrderFilter {
  if (buyer === '' && sid === 0) throw new InvalidFieldError('buyer', 'is empty, and so is sid: one of them is needed');
  if (buyer !== '' && !isBuyer(buyer)) throw new InvalidFieldError('buyer', 'is not 1 to 255 visible ASCII characters');
  return { ...(buyer !== '' && { buyer }), ...(sid !== 0 && { sid: checkStockId('sid', sid) }) };
}

/** Where a page ended. Opaque to callers, so that it may change. */
function writeCursor({ createdAtMs, orderNo }: OrderPosition): string {
  return Buffer.from(`${createdAtMs} ${orderNo}`).toString('base64url');
}

function readCursor(cursor: string): OrderPosition {
  const [time = '', orderNo = '', ...rest] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  if (!/^\d{1,15}$/.test(time) || !isOrderNo(orderNo) || rest.length > 0) {
    throw new InvalidFieldError('cursor', 'is not a next_cursor of such a list');
  }
  return { createdAtMs: Number(time), orderNo };
}
