import { identity } from '../../identity.ts';
import { shareStreams } from '../../share-streams.ts';
import { addressOf } from '../orders/intents.ts';
import { eventsAddress } from '../orders/order-address.ts';

/** The one stream of this browser: of the order that matters, or else of a stock. */
export const streams = shareStreams({
  name: 'flash-sale.streams',
  token: (path) => (path.startsWith('/orders/') ? identity.value?.token : undefined),
});

export const orderStream = (orderNo: string): string => eventsAddress(addressOf(orderNo));
export const stockStream = (sid: number): string => `/stocks/${sid}/events`;

/** Before all stocks. */
export const ORDER_RANK = 0;
export const STOCK_RANK = 1;
