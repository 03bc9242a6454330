import type { Session } from '../../../db/mysql/database.ts';
import {
  listManyOrders,
  listOrders,
  type Order,
  type OrderFilter,
  type OrderPageRequest,
  type OrderPosition,
} from '../../../db/orders/order-table.ts';
import type { ListOrdersReplyInput } from '../../../proto/gen/flashsale/v1/ListOrdersReply.ts';
import type { ListOrdersRequest } from '../../../proto/gen/flashsale/v1/ListOrdersRequest.ts';
import type { OrderServiceHandlers } from '../../../proto/gen/flashsale/v1/OrderService.ts';
import { isBuyer, isOrderNo } from '../../../proto/messages/order-record.ts';
import { checkRange, checkStockId } from '../check-request.ts';
import { InvalidFieldError } from '../describe-fault.ts';
import type { OrderServiceOptions } from './order-service-options.ts';
import { readOrderMessages } from './read-order-messages.ts';

const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
/** With pages of 100 orders the reply stays below the 4 MB limit of gRPC. */
const MAX_LISTS = 32;

/** The rpcs that list orders, newest first. They use a limited number of connections, so that orders always find one. */
export function createListCalls(options: Pick<OrderServiceOptions, 'database' | 'answer' | 'limitList'>) {
  const { database, answer, limitList } = options;
  return {
    ListOrders: answer(async (request) => {
      const wanted = readRequest(request, MAX_PAGE_SIZE);
      const read = async (session: Session) => readPages(session, [wanted], [await listOrders(session, wanted)]);
      const [page] = await limitList(() => database.session(read));
      return page ?? {};
    }),
    ListManyOrders: answer(async ({ lists }) => {
      if (lists.length < 1 || lists.length > MAX_LISTS) {
        throw new InvalidFieldError('lists', `must have 1 to ${MAX_LISTS} items, has ${lists.length}`);
      }
      const requests = lists.map((list) => readRequest(list, PAGE_SIZE));
      const read = async (session: Session) => readPages(session, requests, await listManyOrders(session, requests));
      return { lists: await limitList(() => database.session(read)) };
    }),
  } satisfies Pick<OrderServiceHandlers, 'ListOrders' | 'ListManyOrders'>;
}

/** The limit is one more than the page size, to find out whether there is another page. */
function readRequest(request: ListOrdersRequest, maxOfPage: number): OrderPageRequest {
  return {
    filter: checkFilter(request),
    behind: request.cursor === '' ? null : readCursor(request.cursor),
    limit: (checkRange('page_size', request.pageSize, 0, maxOfPage) || PAGE_SIZE) + 1,
  };
}

/** The pages, with the payments of all of them read by one query. */
async function readPages(
  session: Session,
  requests: OrderPageRequest[],
  found: Order[][],
): Promise<ListOrdersReplyInput[]> {
  const pages = requests.map(({ limit }, i) => (found[i] ?? []).slice(0, limit - 1));
  const messages = await readOrderMessages(session, pages.flat());
  let from = 0;
  return pages.map((page, i) => {
    const orders = messages.slice(from, from + page.length);
    from += page.length;
    const last = page.at(-1);
    return { orders, nextCursor: last && found[i]?.length === requests[i]?.limit ? writeCursor(last) : '' };
  });
}

function checkFilter({ buyer, sid }: ListOrdersRequest): OrderFilter {
  if (buyer === '' && sid === 0) throw new InvalidFieldError('buyer', 'is required without sid');
  if (buyer !== '' && !isBuyer(buyer))
    throw new InvalidFieldError('buyer', 'must be 1 to 255 visible ASCII characters');
  return { ...(buyer !== '' && { buyer }), ...(sid !== 0 && { sid: checkStockId('sid', sid) }) };
}

/** The position of the last order of a page. Opaque to clients. */
export function writeCursor({ createdAtMs, orderNo }: OrderPosition): string {
  return Buffer.from(`${createdAtMs} ${orderNo}`).toString('base64url');
}

export function readCursor(cursor: string): OrderPosition {
  const [time = '', orderNo = '', ...rest] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  if (!/^\d{1,15}$/.test(time) || !isOrderNo(orderNo) || rest.length > 0) {
    throw new InvalidFieldError('cursor', 'must be a next_cursor of this list');
  }
  return { createdAtMs: Number(time), orderNo };
}
