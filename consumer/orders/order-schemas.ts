import { Type } from 'typebox';
import { DECISIONS, ORDER_STATES } from '../../db/orders/order-states.ts';
import { exampleOrderNo, nullable, time } from '../api/api-schemas.ts';

export const paymentProperties = {
  paymentId: Type.String({ examples: ['pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3'] }),
  state: Type.String({
    description: '`refund_due`: the refund is requested from the gateway; `refunded`: the gateway has refunded it',
    enum: ['started', 'paid', 'refund_due', 'refunded'],
  }),
  refundState: nullable(
    Type.String({
      description:
        'Null: there is nothing to refund; `due`: to be requested from the gateway; `pending`: the gateway has accepted it; `refunded`: done',
      enum: ['due', 'pending', 'refunded', null],
    }),
  ),
  amountCents: Type.Integer({ description: 'Amount paid; with `started`, amount due', examples: [1999] }),
  currency: Type.String({ description: 'ISO 4217', examples: ['CNY'] }),
  createdAt: nullable(time('Time of its start')),
  paidAt: nullable(time('Time of the payment')),
  refundedAt: nullable(time('Time of the refund')),
};

export const orderSchema = Type.Object(
  {
    orderNo: Type.String({ examples: [exampleOrderNo()] }),
    sid: Type.Integer({ description: 'Stock id', examples: [1001] }),
    name: Type.String({ description: 'Name of the stock at the decision', examples: ['A lamp'] }),
    state: Type.String({
      description: 'Current state',
      enum: [...ORDER_STATES],
    }),
    decision: Type.String({ description: 'The decision, which never changes', enum: [...DECISIONS] }),
    priceCents: Type.Integer({ description: 'In the currency’s smallest unit', examples: [1999] }),
    currency: Type.String({ description: 'ISO 4217', examples: ['CNY'] }),
    createdAt: time('Time of the decision'),
    payBy: nullable(time('With state awaiting_payment: the payment deadline; null: none')),
    secondsLeftToPay: nullable(
      Type.Integer({ description: 'Seconds until `payBy`, by the database’s clock', examples: [880] }),
    ),
    paidAt: nullable(time('Time of the payment')),
    endedAt: nullable(time('Time of the refund, expiry or cancellation')),
    liveOrderNo: nullable(Type.String({ description: 'With decision DUPLICATE: the buyer’s active order' })),
    payments: Type.Array(Type.Object(paymentProperties), {
      description: 'Oldest first, including payments that arrived after the order ended and are refunded',
    }),
  },
  { $id: 'Order', additionalProperties: false, description: 'An order for one unit' },
);

export const pendingSchema = Type.Object(
  { orderNo: Type.String(), sid: Type.Integer(), state: Type.String({ enum: ['pending'] }) },
  { $id: 'PendingOrder', additionalProperties: false, description: 'An order that is not decided yet: poll it' },
);
