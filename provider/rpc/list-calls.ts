import type { Session } from '../../db/mysql/database.ts';
import {
  listManyOrders,
  listOrders,
  type Order,
  type OrderFilter,
  type OrderPageRequest,
  type OrderPosition,
} from '../../db/orders/order-table.ts';
import type { ListOrdersReplyInput } from '../../proto/gen/flashsale/v1/ListOrdersReply.ts';
import type { ListOrdersRequest } from '../../proto/gen/flashsale/v1/ListOrdersRequest.ts';
import type { OrderServiceHandlers } from '../../proto/gen/flashsale/v1/OrderService.ts';
import { isBuyer, isOrderNo } from '../../proto/messages/order-record.ts';
import { readOrderMessages } from '../orders/read-order-messages.ts';
import { checkRange, checkStockId } from './check-request.ts';
import { InvalidFieldError } from './describe-fault.ts';
import type { OrderServiceOptions } from './order-service.ts';

const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
/** With pages of 100 orders the answer stays below the 4 MB that gRPC takes. */
const MAX_LISTS = 32;

/** Lists of orders, newest first. They have a share of the connections, so that orders always find one. */
export function listCalls(parts: Pick<OrderServiceOptions, 'database' | 'answer' | 'limitList'>) {
  const { database, answer, limitList } = parts;
  return {
    ListOrders: answer(async (request) => {
      const wish = readRequest(request, MAX_PAGE_SIZE);
      const read = async (session: Session) => readPages(session, [wish], [await listOrders(session, wish)]);
      const [page] = await limitList(() => database.session(read));
      return page ?? {};
    }),
    ListManyOrders: answer(async ({ lists }) => {
      if (lists.length < 1 || lists.length > MAX_LISTS) {
        throw new InvalidFieldError('lists', `${lists.length} items; 1 to ${MAX_LISTS} are taken`);
      }
      const wishes = lists.map((one) => readRequest(one, PAGE_SIZE));
      const read = async (session: Session) => readPages(session, wishes, await listManyOrders(session, wishes));
      return { lists: await limitList(() => database.session(read)) };
    }),
  } satisfies Pick<OrderServiceHandlers, 'ListOrders' | 'ListManyOrders'>;
}

/** One more than the page has, to see whether there is another. */
function readRequest(request: ListOrdersRequest, maxOfPage: number): OrderPageRequest {
  return {
    filter: checkFilter(request),
    behind: request.cursor === '' ? null : readCursor(request.cursor),
    limit: (checkRange('page_size', request.pageSize, 0, maxOfPage) || PAGE_SIZE) + 1,
  };
}

/** What was found as pages, with the payments of all in one query. */
async function readPages(
  session: Session,
  wishes: OrderPageRequest[],
  found: Order[][],
): Promise<ListOrdersReplyInput[]> {
  const pages = wishes.map(({ limit }, i) => (found[i] ?? []).slice(0, limit - 1));
  const messages = await readOrderMessages(session, pages.flat());
  let from = 0;
  return pages.map((page, i) => {
    const orders = messages.slice(from, from + page.length);
    from += page.length;
    const last = page.at(-1);
    return { orders, nextCursor: last && found[i]?.length === wishes[i]?.limit ? writeCursor(last) : '' };
  });
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
