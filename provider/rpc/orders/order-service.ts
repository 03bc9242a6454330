import { readActiveOrders, readOrders } from '../../../db/orders/order-table.ts';
import type { CreateOrderReplyInput } from '../../../proto/gen/flashsale/v1/CreateOrderReply.ts';
import type { FindLiveOrdersRequest } from '../../../proto/gen/flashsale/v1/FindLiveOrdersRequest.ts';
import type { GetOrdersReplyInput } from '../../../proto/gen/flashsale/v1/GetOrdersReply.ts';
import type { GetOrdersRequest } from '../../../proto/gen/flashsale/v1/GetOrdersRequest.ts';
import type { OrderServiceHandlers } from '../../../proto/gen/flashsale/v1/OrderService.ts';
import type { PlaceOrdersReplyInput } from '../../../proto/gen/flashsale/v1/PlaceOrdersReply.ts';
import type { PlaceOrdersRequest } from '../../../proto/gen/flashsale/v1/PlaceOrdersRequest.ts';
import { mintLadderNumber } from '../../../proto/messages/order-number.ts';
import { inStep } from '../../../proto/traces/traces.ts';
import { createOptimisticOrder } from '../../ladder/create-optimistic-order.ts';
import { createOptimisticOrderUseRedis } from '../../ladder/create-optimistic-order-use-redis.ts';
import { createPessimisticOrder } from '../../ladder/create-pessimistic-order.ts';
import { createWrongOrder } from '../../ladder/create-wrong-order.ts';
import type { LadderResult } from '../../ladder/insert-ladder-order.ts';
import { type OrderPlacer, placeOrders } from '../../orders/place-orders.ts';
import { checkOrderNos, checkPairs, checkPlaceOrders, checkStockId } from '../check-request.ts';
import { createDeadLetterCall } from './dead-letter-call.ts';
import { createListCalls } from './list-calls.ts';
import type { OrderServiceOptions } from './order-service-options.ts';
import { createPaymentCalls } from './payment-calls.ts';
import { toLadderResult, toPlacedOrder } from './placed-replies.ts';
import { readOrderMessages } from './read-order-messages.ts';
import { createRefundStockCall } from './refund-stock-call.ts';
import { createSearchCalls } from './search-calls.ts';

export function createOrderService(options: OrderServiceOptions): OrderServiceHandlers {
  const { name, database, counters, readStock, placer, answer } = options;
  const describeStock = async (sid: number) => (await readStock(sid)).value;

  function ladder(sell: (sid: number) => Promise<LadderResult>) {
    return answer(async ({ sid }: { sid: number }): Promise<CreateOrderReplyInput> => {
      const result = await sell(checkStockId('sid', sid));
      return { ...result, servedBy: name };
    });
  }

  return {
    ...createDeadLetterCall(options),
    ...createListCalls(options),
    ...createPaymentCalls(options),
    ...createRefundStockCall(options),
    ...createSearchCalls(options),
    CreateWrongOrder: ladder((sid) => createWrongOrder(database, sid)),
    CreatePessimisticOrder: ladder((sid) => createPessimisticOrder(database, sid)),
    CreateOptimisticOrder: ladder((sid) => createOptimisticOrder(database, sid)),
    CreateOptimisticOrderUseRedis: ladder((sid) =>
      createOptimisticOrderUseRedis(database, counters, describeStock, sid),
    ),
    CreateOptimisticOrderUseRedisAndKafka: ladder((sid) => placeLadderOrder(placer, sid)),
    PlaceOrders: answer((request) => answerPlaceOrders(options, request)),
    GetOrders: answer((request) => answerGetOrders(options, request)),
    FindLiveOrders: answer((request) => answerFindLiveOrders(options, request)),
  };
}

async function answerPlaceOrders(
  { name, placer, traces }: OrderServiceOptions,
  request: PlaceOrdersRequest,
): Promise<PlaceOrdersReplyInput> {
  checkPlaceOrders(request);
  const sampled = traces?.sample(request.orders) ?? [];
  const step = traces?.startStep('place_orders', sampled, { kind: 'server' }) ?? null;
  const place = () => placeOrders(placer, request.orders, request.replyTo, step);
  const placed = await inStep(step, { 'flashsale.orders': request.orders.length }, place);
  const orders = placed.map((result, i) => toPlacedOrder(request.orders[i]?.orderNo ?? '', result));
  return { servedBy: name, orders };
}

/** Strategy 6 as an rpc: the order path for one order. */
async function placeLadderOrder(placer: OrderPlacer, sid: number): Promise<LadderResult> {
  const orderNo = mintLadderNumber(sid);
  const order = { orderNo, sid, buyer: orderNo, mintedAtMs: Date.now(), repeat: false };
  const [placed] = await placeOrders(placer, [order], '');
  return placed ? toLadderResult(orderNo, placed) : { outcome: 'NONE_LEFT' };
}

async function answerGetOrders(
  { database }: OrderServiceOptions,
  { orderNos }: GetOrdersRequest,
): Promise<GetOrdersReplyInput> {
  const wanted = checkOrderNos(orderNos);
  const orders = await database.session(async (session) =>
    readOrderMessages(session, await readOrders(session, wanted)),
  );
  return { orders };
}

async function answerFindLiveOrders(
  { database }: OrderServiceOptions,
  { pairs }: FindLiveOrdersRequest,
): Promise<GetOrdersReplyInput> {
  const wanted = checkPairs(pairs);
  const orders = await database.session(async (session) => {
    const active = await readActiveOrders(session, wanted);
    const orderNos = active.map(({ orderNo }) => orderNo);
    return readOrderMessages(session, await readOrders(session, orderNos));
  });
  return { orders };
}
