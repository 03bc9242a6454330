import { Type } from 'typebox';

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
