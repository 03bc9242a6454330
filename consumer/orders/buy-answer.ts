import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import type { Refusal } from '../../db/orders/refuse-order.ts';

/** The answer to a buyer. */
export type BuyAnswer =
  | { kind: 'decided'; decided: DecidedOrder }
  /** Nothing was written, and the buyer has no order of this stock. */
  | ({ kind: 'refused' } & Refusal)
  /** The buyer is kept out of the stock. Nothing was written, and the buyer has no order of this stock. */
  | { kind: 'cooling'; leftMs: number }
  /** The buyer may not place new orders. Nothing was written, and the order is not known. */
  | { kind: 'barred' }
  | { kind: 'pending' }
  /** Nothing was written. `retrySeconds`: when to come again. */
  | { kind: 'busy'; retrySeconds?: number }
  /** The log may have the order. */
  | { kind: 'unavailable' };
