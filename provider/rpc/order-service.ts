import type { Pace } from '../../db/mysql/repeat-transaction.ts';
import { toDecidedMessage } from '../../db/orders/decided-message.ts';
import { readActiveOrders, readOrders } from '../../db/orders/order-table.ts';
import type { UnitsAfter } from '../../db/stocks/stock-table.ts';
import type { CreateOrderReplyInput } from '../../proto/gen/flashsale/v1/CreateOrderReply.ts';
import type { OrderServiceHandlers } from '../../proto/gen/flashsale/v1/OrderService.ts';
import type { PlacedOrderInput } from '../../proto/gen/flashsale/v1/PlacedOrder.ts';
import { mintLadderNumber } from '../../proto/messages/order-number.ts';
import { createOptimisticOrder } from '../ladder/create-optimistic-order.ts';
import { createOptimisticOrderUseRedis } from '../ladder/create-optimistic-order-use-redis.ts';
import { createPessimisticOrder } from '../ladder/create-pessimistic-order.ts';
import { createWrongOrder } from '../ladder/create-wrong-order.ts';
import type { LadderResult } from '../ladder/insert-ladder-order.ts';
import { type PlaceDependencies, type Placed, placeOrders } from '../orders/place-orders.ts';
import { readOrderMessages } from '../orders/read-order-messages.ts';
import { checkOrderNos, checkPairs, checkPlaceOrders, checkStockId } from './check-request.ts';
import { listCalls } from './list-calls.ts';
import { paymentCalls } from './payment-calls.ts';
import type { StockServiceOptions } from './stock-service.ts';

export type OrderServiceOptions = StockServiceOptions & {
  place: PlaceDependencies;
  /** Called after a COMMIT that put units back on sale. */
  onReturn(units: UnitsAfter): void;
  /** How transactions wait that lost a race. */
  pace?: Pace;
};

export function orderService(parts: OrderServiceOptions): OrderServiceHandlers {
  const { name, database, counters, readStock, place, answer } = parts;
  const describeStock = async (sid: number) => (await readStock(sid)).value;

  function ladder(sell: (sid: number) => Promise<LadderResult>) {
    return answer(async ({ sid }: { sid: number }): Promise<CreateOrderReplyInput> => {
      const result = await sell(checkStockId('sid', sid));
      return { ...result, servedBy: name };
    });
  }

  return {
    ...listCalls(parts),
    ...paymentCalls(parts),
    CreateWrongOrder: ladder((sid) => createWrongOrder(database, sid)),
    CreatePessimisticOrder: ladder((sid) => createPessimisticOrder(database, sid)),
    CreateOptimisticOrder: ladder((sid) => createOptimisticOrder(database, sid)),
    CreateOptimisticOrderUseRedis: ladder((sid) =>
      createOptimisticOrderUseRedis(database, counters, describeStock, sid),
    ),
    CreateOptimisticOrderUseRedisAndKafka: ladder((sid) => placeLadderOrder(place, sid)),

    PlaceOrders: answer(async (request) => {
      checkPlaceOrders(request);
      const placed = await placeOrders(place, request.orders, request.replyTo);
      return {
        servedBy: name,
        orders: placed.map((result, i) => toPlaced(request.orders[i]?.orderNo ?? '', result)),
      };
    }),

    GetOrders: answer(async ({ orderNos }) => {
      const wanted = checkOrderNos(orderNos);
      const orders = await database.session(async (session) =>
        readOrderMessages(session, await readOrders(session, wanted)),
      );
      return { orders };
    }),

    FindLiveOrders: answer(async ({ pairs }) => {
      const wanted = checkPairs(pairs);
      const orders = await database.session(async (session) => {
        const live = await readActiveOrders(session, wanted);
        const orderNos = live.map(({ orderNo }) => orderNo);
        return readOrderMessages(session, await readOrders(session, orderNos));
      });
      return { orders };
    }),
  };
}

/** Way 6 as an rpc of its own: the order path for one request. */
async function placeLadderOrder(place: PlaceDependencies, sid: number): Promise<LadderResult> {
  const orderNo = mintLadderNumber(sid);
  const order = { orderNo, sid, buyer: orderNo, mintedAtMs: Date.now(), repeat: false };
  const [placed] = await placeOrders(place, [order], '');
  switch (placed?.placement) {
    case 'APPENDED':
      return { outcome: 'QUEUED', orderNo };
    case 'DECIDED':
      return placed.decided.decision === 'CONFIRMED' ? { outcome: 'CREATED', orderNo } : { outcome: 'NONE_LEFT' };
    case 'REFUSED_BUSY':
    case 'UNAVAILABLE':
      return { outcome: 'BUSY' };
    case 'REFUSED_NO_SUCH_STOCK':
      return { outcome: 'NO_STOCK' };
    default:
      return { outcome: 'NONE_LEFT' };
  }
}

function toPlaced(orderNo: string, result: Placed): PlacedOrderInput {
  if (result.placement !== 'DECIDED') return { orderNo, ...result };
  return { orderNo, placement: 'DECIDED', decided: toDecidedMessage(result.decided) };
}
