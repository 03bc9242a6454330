import {
  type ActiveOrder,
  buyerKey,
  type DecidedOrder,
  type DecidingStock,
  decideBatch,
  type KnownOrder,
} from '../../../db/orders/decide-batch.ts';
import { decisionOf, isTermsRefusal, type OrderState } from '../../../db/orders/order-states.ts';

/** An order of the log. */
export type ReplayedOrder = {
  orderNo: string;
  sid: number;
  buyer: string;
  partition: number;
  offset: bigint;
  /** Its place inside the record. */
  index: number;
  takesNoUnit: boolean;
  quantity: number;
  /** The state of its row; null without a row. */
  rowState: OrderState | null;
};
export type ReplayedStock = Pick<DecidingStock, 'sid' | 'count' | 'kind' | 'maxPerOrder'>;
export type ReplayedDecision = { order: ReplayedOrder; decided: DecidedOrder };

/**
 * Replays the orders of a stock with the function that the workers use. The returned function takes the next chunk of the log and
 * returns the orders that are decided for the first time. Refusals by the terms of the stock are taken from the rows, because the
 * log does not contain the window, pause and price of that moment, or whether units went to offers. Memory: about 300 bytes for each order number.
 */
export function createReplay({ sid, count, kind, maxPerOrder }: ReplayedStock) {
  const known = new Map<string, KnownOrder>();
  const active = new Map<string, ActiveOrder>();
  const terms = { priceCents: 0, opensAtMs: null, closesAtMs: null, paused: false, offersOnly: false, readAtMs: 0 };
  let sale = 0;

  function takeTermsRefusals(orders: ReplayedOrder[]): ReplayedDecision[] {
    const taken: ReplayedDecision[] = [];
    for (const order of orders) {
      const { orderNo, buyer, rowState } = order;
      if (rowState === null || known.has(orderNo)) continue;
      const decision = decisionOf(rowState);
      if (!isTermsRefusal(decision)) continue;
      const decided = { orderNo, decision, liveOrderNo: null, state: rowState };
      known.set(orderNo, { ...decided, sid, buyer });
      taken.push({ order, decided });
    }
    return taken;
  }

  return (orders: ReplayedOrder[]): ReplayedDecision[] => {
    const refused = takeTermsRefusals(orders);
    const knownHere = pick(
      known,
      orders.map(({ orderNo }) => orderNo),
    );
    const activeHere = pick(active, orders.map(buyerKey));
    const { fresh, unitsTaken } = decideBatch(
      [{ sid, count, sale, kind, maxPerOrder, ...terms }],
      knownHere,
      activeHere,
      orders,
    );
    sale += unitsTaken.get(sid) ?? 0;
    for (const { order, decided } of fresh) {
      const { orderNo, buyer } = order;
      known.set(orderNo, { ...decided, sid, buyer });
      if (decided.decision === 'CONFIRMED') active.set(buyerKey(order), { orderNo, sid, buyer });
    }
    return [...refused, ...fresh];
  };
}

/** The map's values for these keys. A repeated key counts once; a missing key is skipped. */
function pick<T>(map: Map<string, T>, keys: string[]): T[] {
  return [...new Set(keys)].map((key) => map.get(key)).filter((value) => value !== undefined);
}
