import { identity } from '../../identity.ts';
import { shareStreams } from '../../share-streams.ts';

/** The one event stream of this browser: of the most important order, or else of a stock. */
export const streams = shareStreams({
  name: 'flash-sale.streams',
  token: (path) => (path.startsWith('/orders/') ? identity.value?.token : undefined),
});

/** Orders come before stocks. */
export const ORDER_RANK = 0;
export const STOCK_RANK = 1;
