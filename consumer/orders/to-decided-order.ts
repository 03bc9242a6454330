import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import type { Decision, OrderState } from '../../db/orders/order-states.ts';
import type { DecidedOrder as DecidedMessage } from '../../proto/gen/flashsale/v1/DecidedOrder.ts';

/** The decision of an order, from a message that carries it: a row of the order, a published decision, or a provider's answer. */
export function toDecidedOrder({ orderNo, decision, liveOrderNo, state }: DecidedMessage): DecidedOrder {
  return { orderNo, decision: decision as Decision, liveOrderNo: liveOrderNo || null, state: state as OrderState };
}
