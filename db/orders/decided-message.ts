import type { DecidedOrder as DecidedMessage } from '../../proto/gen/flashsale/v1/DecidedOrder.ts';
import { type DecidedOrder, toDecided } from './decide-batch.ts';
import type { Decision, OrderState } from './order-states.ts';

type DecidedFields = Pick<DecidedMessage, 'orderNo' | 'decision' | 'liveOrderNo' | 'state' | 'unitsLeft'>;

/** A decision as a message. An empty string stands for no `liveOrderNo`, 0 for no `unitsLeft`. */
export function toDecidedMessage({ orderNo, decision, liveOrderNo, state, unitsLeft }: DecidedOrder): DecidedFields {
  return { orderNo, decision, liveOrderNo: liveOrderNo ?? '', state, unitsLeft: unitsLeft ?? 0 };
}

/** The decision in a message: a DecidedOrder, or an Order, which has the same fields. */
export function toDecidedOrder({ orderNo, decision, liveOrderNo, state, unitsLeft }: DecidedFields): DecidedOrder {
  return toDecided({
    orderNo,
    decision: decision as Decision,
    liveOrderNo: liveOrderNo || null,
    state: state as OrderState,
    unitsLeft,
  });
}
