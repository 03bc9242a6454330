import type { OrderState as DecidedState } from '../../../../db/orders/order-states.ts';
import type { OrderView, PaymentView } from '../../../orders/order-view.ts';

export type OrderState = DecidedState | 'pending';

/** `started`: no money has arrived. `refund_due`: the refund has been requested from the gateway. */
export type OrderPayment = PaymentView & { state: 'started' | 'paid' | 'refund_due' | 'refunded' };

/** An order in the API's answers. New and pending orders have only the required fields. */
export type Order = Pick<OrderView, 'orderNo' | 'sid'> & { state: OrderState } & Partial<
    Omit<OrderView, 'state' | 'payments'> & { payments: OrderPayment[] }
  >;

const ACTIVE = new Set<OrderState>(['pending', 'awaiting_payment', 'paid']);

/** Whether the order holds a unit or may still get one. */
export function isActive({ state }: Order): boolean {
  return ACTIVE.has(state);
}
