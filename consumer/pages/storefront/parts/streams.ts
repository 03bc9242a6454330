import { identity } from '../../identity.ts';
import { shareStreams } from '../../share-streams.ts';

/** The one event stream of this browser: of the most important order, or else of an entry, or of a stock. */
export const streams = shareStreams({
  name: 'flash-sale.streams',
  token: (path) => (path.startsWith('/orders/') || path.endsWith('/entry/events') ? identity.value?.token : undefined),
});

/** Orders come before entries, and entries before stocks. */
export const ORDER_RANK = 0;
export const ENTRY_RANK = 0.5;
export const STOCK_RANK = 1;
