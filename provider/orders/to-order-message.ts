import type { Order } from '../../db/orders/order-table.ts';
import type { OrderInput } from '../../proto/gen/flashsale/v1/Order.ts';

/** A row as the rpcs answer it: a time that is NULL is missing, and otherwise NULL is 0 or the empty text. */
export function toOrderMessage(order: Order): OrderInput {
  const { payByMs, paidAtMs, endedAtMs, mintedAtMs, appendedAtMs, liveOrderNo, logPartition, logOffset, ...rest } =
    order;
  return {
    ...rest,
    liveOrderNo: liveOrderNo ?? '',
    ...(payByMs !== null && { payByMs }),
    ...(paidAtMs !== null && { paidAtMs }),
    ...(endedAtMs !== null && { endedAtMs }),
    ...(mintedAtMs !== null && { mintedAtMs }),
    ...(appendedAtMs !== null && { appendedAtMs }),
    logPartition: logPartition ?? 0,
    logOffset: logOffset ?? 0,
  };
}
