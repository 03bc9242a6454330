import type { Session } from '../../../db/mysql/database.ts';
import { type OrderSearch, searchOrders } from '../../../db/orders/lists/search-orders.ts';
import { ORDER_STATES, type OrderState } from '../../../db/orders/order-states.ts';
import { type DoubtfulPayment, readDoubtfulPayments } from '../../../db/payments/read-doubtful-payments.ts';
import type { DoubtfulPaymentInput } from '../../../proto/gen/flashsale/v1/DoubtfulPayment.ts';
import type { OrderServiceHandlers } from '../../../proto/gen/flashsale/v1/OrderService.ts';
import type { SearchOrdersRequest } from '../../../proto/gen/flashsale/v1/SearchOrdersRequest.ts';
import { isReference } from '../../../proto/messages/order-details.ts';
import { checkRange, checkStockId, checkTime } from '../check-request.ts';
import { InvalidFieldError } from '../describe-fault.ts';
import { checkBuyer } from './check-payment.ts';
import { readCursor, writeCursor } from './list-calls.ts';
import type { OrderServiceOptions } from './order-service-options.ts';
import { readOrderMessages } from './read-order-messages.ts';

const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;

/** The rpcs by which administrators search. They use the connections for lists. */
export function createSearchCalls({
  database,
  answer,
  limitList,
}: Pick<OrderServiceOptions, 'database' | 'answer' | 'limitList'>) {
  return {
    SearchOrders: answer(async (request) => {
      const search = checkSearch(request);
      return limitList(() =>
        database.session(async (session: Session) => {
          const { orders, next } = await searchOrders(session, search);
          return { orders: await readOrderMessages(session, orders), nextCursor: next ? writeCursor(next) : '' };
        }),
      );
    }),

    ListDoubtfulPayments: answer(async (request) => {
      const limit = checkRange('page_size', request.pageSize, 0, MAX_PAGE_SIZE) || PAGE_SIZE;
      const found = await limitList(() => database.session((session) => readDoubtfulPayments(session, limit)));
      return { payments: found.map(toDoubtfulMessage) };
    }),
  } satisfies Pick<OrderServiceHandlers, 'SearchOrders' | 'ListDoubtfulPayments'>;
}

function checkSearch(request: SearchOrdersRequest): OrderSearch {
  const { reference, states } = request;
  if (reference !== '' && !isReference(reference)) {
    throw new InvalidFieldError('reference', 'must be 1 to 64 visible ASCII characters');
  }
  return {
    owner: checkOwner(request),
    states: states.map(checkState),
    reference: reference || null,
    fromMs: checkTime('from_ms', request.fromMs),
    untilMs: checkTime('until_ms', request.untilMs),
    behind: request.cursor === '' ? null : readCursor(request.cursor),
    limit: checkRange('page_size', request.pageSize, 0, MAX_PAGE_SIZE) || PAGE_SIZE,
  };
}

function checkOwner({ buyer, sid }: SearchOrdersRequest): OrderSearch['owner'] {
  if (buyer !== '') {
    checkBuyer('buyer', buyer);
    return sid === 0 ? { buyer } : { buyer, sid: checkStockId('sid', sid) };
  }
  if (sid === 0) throw new InvalidFieldError('buyer', 'is required without sid');
  return { sid: checkStockId('sid', sid) };
}

function checkState(state: string): OrderState {
  const known = ORDER_STATES.find((name) => name === state);
  if (!known) throw new InvalidFieldError('states', `must be one of ${ORDER_STATES.join(', ')}, is '${state}'`);
  return known;
}

function toDoubtfulMessage({ endedAt, ...payment }: DoubtfulPayment): DoubtfulPaymentInput {
  return {
    ...payment,
    gateway: payment.gateway ?? '',
    sessionId: payment.sessionId ?? '',
    chargeId: payment.chargeId ?? '',
    refundFailure: payment.refundFailure ?? '',
    ...(endedAt !== null && { sessionEndedAtMs: endedAt.getTime() }),
  };
}
