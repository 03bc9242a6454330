import { Type } from 'typebox';
import { DECISIONS, ORDER_STATES } from '../../db/orders/order-states.ts';
import { exampleOrderNo, nullable, sidText, time } from '../api/api-schemas.ts';
import { moneySchema } from '../api/money.ts';

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
  amount: moneySchema('Amount paid; with `started`, amount due'),
  createdAt: nullable(time('Time of its start')),
  paidAt: nullable(time('Time of the payment')),
  refundedAt: nullable(time('Time of the refund')),
};

const decisions = DECISIONS.map((decision) => decision.toLowerCase());

export const orderSchema = Type.Object(
  {
    orderNo: Type.String({ examples: [exampleOrderNo()] }),
    sid: sidText,
    name: nullable(Type.String({ description: 'Name of the stock at the decision', examples: ['A lamp'] })),
    state: Type.String({
      description: 'Current state; `pending`: not decided yet, poll it',
      enum: ['pending', ...ORDER_STATES],
    }),
    decision: nullable(
      Type.String({ description: 'The decision, which never changes; null while pending', enum: [...decisions, null] }),
    ),
    quantity: nullable(Type.Integer({ description: 'Units', examples: [1] })),
    unitPrice: nullable(moneySchema('Price of a unit at the decision')),
    total: nullable(moneySchema('Unit price × quantity')),
    reference: nullable(Type.String({ description: 'Your own id of the order', examples: ['cart-4711'] })),
    metadata: Type.Unsafe<Record<string, string> | null>({
      type: ['object', 'null'],
      additionalProperties: { type: 'string' },
      description: 'Your own fields',
    }),
    createdAt: nullable(time('Time of the decision')),
    payBy: nullable(time('With state awaiting_payment: the payment deadline; null: none')),
    secondsLeftToPay: nullable(
      Type.Integer({ description: 'Seconds until `payBy`, by the database’s clock', examples: [880] }),
    ),
    paidAt: nullable(time('Time of the payment')),
    endedAt: nullable(time('Time of the refund, expiry or cancellation')),
    activeOrderNo: nullable(Type.String({ description: 'With decision `duplicate`: your active order' })),
    payments: Type.Array(Type.Object(paymentProperties), {
      description: 'Oldest first, including payments that arrived after the order ended and are refunded',
    }),
  },
  {
    $id: 'Order',
    description:
      'An order. The answers 201 and 202 are sent before its row is read: what is not known yet is null. Read the order for it.',
  },
);
