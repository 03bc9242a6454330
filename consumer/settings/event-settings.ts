import { Type } from 'typebox';

/** Settings of the event streams. */
export const eventSettings = {
  EVENT_LISTENERS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description: 'Most streams of stock events open at once in this process; further ones are answered with 503',
  }),
  ORDER_EVENT_LISTENERS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description: 'The same for streams of order events, so that those who only look on leave buyers their places',
  }),
  EVENT_LISTENERS_PER_ADDRESS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 500,
    description:
      'Most streams of stock events open at once for one address (IPv6: one network of 64 bits); further ones are answered with 429',
  }),
  EVENT_LISTENERS_PER_BUYER: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 10,
    description: 'Most streams of order events open at once for one buyer; further ones are answered with 429',
  }),
};
