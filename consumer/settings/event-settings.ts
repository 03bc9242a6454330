import { Type } from 'typebox';

/** Settings of the event streams. */
export const eventSettings = {
  EVENT_LISTENERS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description: 'Maximum number of open streams of stock events in this process; further ones get 503',
  }),
  ORDER_EVENT_LISTENERS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description:
      'The same for order events, and once more for events of entries, so that streams of stock events leave room for buyers',
  }),
  EVENT_LISTENERS_PER_ADDRESS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 500,
    description:
      'Maximum number of open streams of stock events per address (IPv6: per /64 network); further ones get 429',
  }),
  EVENT_LISTENERS_PER_BUYER: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 10,
    description:
      'Maximum number of open streams of order events per buyer, and the same of events of entries; further ones get 429',
  }),
};
