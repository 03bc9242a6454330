import { Type } from 'typebox';

const PAYMENT_ID = /^[0-9A-Za-z_-]{1,64}$/;

export const isPaymentId = (text: string): boolean => PAYMENT_ID.test(text);

export const paymentIdParams = Type.Object(
  {
    paymentId: Type.String({
      maxLength: 200,
      description: '`paymentId` of a payment',
      examples: ['pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3'],
    }),
  },
  { additionalProperties: false },
);
