import type { Order } from '../db/order-table.ts';
import type { OrderInput } from '../proto/gen/flashsale/v1/Order.ts';

/** A row as the rpcs answer it: 0 and the empty text where the database has NULL. */
export function toOrderMessage(order: Order): OrderInput {
  const { liveOrderNo, payByMs, paidAtMs, endedAtMs, mintedAtMs, appendedAtMs, logPartition, logOffset } = order;
  return {
    ...order,
    liveOrderNo: liveOrderNo ?? '',
    payByMs: payByMs ?? 0,
    paidAtMs: paidAtMs ?? 0,
    endedAtMs: endedAtMs ?? 0,
    mintedAtMs: mintedAtMs ?? 0,
    appendedAtMs: appendedAtMs ?? 0,
    logPartition: logPartition ?? 0,
    logOffset: logOffset ?? 0,
  };
}
