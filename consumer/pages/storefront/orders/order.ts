import type { OrderState as DecidedState } from '../../../../db/orders/order-states.ts';
import type { OrderView, PaymentView } from '../../../orders/order-view.ts';

export type OrderState = DecidedState | 'pending';

/** `started`: no money has arrived. `refund_due`: the refund has been requested from the gateway. */
export type OrderPayment = PaymentView & { state: 'started' | 'paid' | 'refund_due' | 'refunded' };

/** An order. While its row was not read, it has only the required fields. */
export type Order = Pick<OrderView, 'orderNo' | 'sid'> & { state: OrderState } & Partial<
    Pick<OrderView, 'payBy' | 'activeOrderNo'> & { [Field in ReadField]: NonNullable<OrderView[Field]> } & {
      payments: OrderPayment[];
    }
  >;
type ReadField = 'name' | 'createdAt' | 'quantity' | 'unitPrice' | 'total';

/** An order of an answer: nulls of an order that was not read must not replace what is known. */
export function toOrder(answer: OrderView): Order {
  const { orderNo, sid, state, createdAt } = answer;
  return createdAt === null ? { orderNo, sid, state: state as OrderState } : (answer as Order);
}

const ACTIVE = new Set<OrderState>(['pending', 'awaiting_payment', 'paid']);

/** Whether the order holds a unit or may still get one. */
export function isActive({ state }: Order): boolean {
  return ACTIVE.has(state);
}

/** The active order among those of one stock, newest first. */
export function findActiveOrder(orders: Order[]): Order | undefined {
  return orders.find(isActive);
}
