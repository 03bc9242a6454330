import { Type } from 'typebox';
import { DECISIONS, ORDER_STATES } from '../../db/orders/order-states.ts';
import { exampleOrderNo, nullable, time } from '../api/api-schemas.ts';

export const paymentProperties = {
  paymentId: Type.String({ examples: ['pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3'] }),
  state: Type.String({
    description: '`refund_due`: the gateway is being asked to give the money back; `refunded`: it has',
    enum: ['started', 'paid', 'refund_due', 'refunded'],
  }),
  amountCents: Type.Integer({ description: 'What came; with `started`, what is asked for', examples: [1999] }),
  currency: Type.String({ description: 'ISO 4217', examples: ['CNY'] }),
  paidAt: nullable(time('When the money came')),
  refundedAt: nullable(time('When the gateway gave it back')),
};

export const orderSchema = Type.Object(
  {
    orderNo: Type.String({ examples: [exampleOrderNo()] }),
    sid: Type.Integer({ description: 'The stock', examples: [1001] }),
    name: Type.String({ description: 'Of the stock, when the order was decided', examples: ['A lamp'] }),
    state: Type.String({
      description: 'What has become of it',
      enum: [...ORDER_STATES],
    }),
    decision: Type.String({ description: 'What was decided, for ever', enum: [...DECISIONS] }),
    priceCents: Type.Integer({ description: 'In the currency’s smallest unit', examples: [1999] }),
    currency: Type.String({ description: 'ISO 4217', examples: ['CNY'] }),
    createdAt: time('When it was decided'),
    payBy: nullable(time('With state awaiting_payment: until when; null: no end')),
    secondsLeftToPay: nullable(Type.Integer({ description: 'Likewise, by the database’s clock', examples: [880] })),
    paidAt: nullable(time('When it was paid')),
    endedAt: nullable(time('When it was refunded, expired or cancelled')),
    liveOrderNo: nullable(Type.String({ description: 'With decision DUPLICATE: the order that the buyer had' })),
    payments: Type.Array(Type.Object(paymentProperties), {
      description: 'Oldest first. One that came after the order had ended is here too, and is refunded',
    }),
  },
  { $id: 'Order', additionalProperties: false, description: 'An order for one unit' },
);

export const pendingSchema = Type.Object(
  { orderNo: Type.String(), sid: Type.Integer(), state: Type.String({ enum: ['pending'] }) },
  { $id: 'PendingOrder', additionalProperties: false, description: 'An order that is not decided yet: ask again' },
);
