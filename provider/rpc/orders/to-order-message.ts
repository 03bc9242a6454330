import type { Order } from '../../../db/orders/order-table.ts';
import type { OrderInput } from '../../../proto/gen/flashsale/v1/Order.ts';

/** The message of an order. NULL of a time is not set; other NULLs are 0 or the empty text. */
export function toOrderMessage(order: Order): OrderInput {
  const { payByMs, paidAtMs, endedAtMs, mintedAtMs, appendedAtMs, liveOrderNo, logPartition, logOffset, ...others } =
    order;
  const { reference, metadata, unitsLeft, ...rest } = others;
  return {
    ...rest,
    liveOrderNo: liveOrderNo ?? '',
    reference: reference ?? '',
    metadata: metadata ?? '',
    unitsLeft: unitsLeft ?? 0,
    ...(payByMs !== null && { payByMs }),
    ...(paidAtMs !== null && { paidAtMs }),
    ...(endedAtMs !== null && { endedAtMs }),
    ...(mintedAtMs !== null && { mintedAtMs }),
    ...(appendedAtMs !== null && { appendedAtMs }),
    logPartition: logPartition ?? 0,
    logOffset: logOffset ?? 0,
  };
}
