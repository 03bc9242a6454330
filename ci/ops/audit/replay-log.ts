import {
  type ActiveOrder,
  buyerKey,
  type DecidedOrder,
  type DecidingStock,
  decideBatch,
  isTermsRefusal,
  type KnownOrder,
  type OrderState,
} from '../../../db/orders/decide-batch.ts';
import { decisionOf } from '../../../db/orders/order-table.ts';

/** A record of the log as an order. */
export type ReplayedOrder = {
  orderNo: string;
  sid: number;
  buyer: string;
  offset: bigint;
  takesNoUnit: boolean;
  /** The state of its row, where there is one. */
  rowState: OrderState | null;
};
export type ReplayedDecision = { wish: ReplayedOrder; decided: DecidedOrder };

/**
 * Decides a stock's records once more, from all its units on, with the function that the workers use. Give it the log in its
 * sequence, in any chunks; it returns what is decided for the first time. Refusals by the stock's terms are taken from the rows:
 * the log does not know the window, pause and price of that moment. Memory: some 300 bytes for each order number.
 */
export function createReplay({ sid, count, kind }: Pick<DecidingStock, 'sid' | 'count' | 'kind'>) {
  const known = new Map<string, KnownOrder>();
  const live = new Map<string, ActiveOrder>();
  const terms = { priceCents: 0, opensAtMs: null, closesAtMs: null, paused: false, readAtMs: 0 };
  let sale = 0;

  function takeTermsRefusals(orders: ReplayedOrder[]): ReplayedDecision[] {
    const taken: ReplayedDecision[] = [];
    for (const wish of orders) {
      const { orderNo, buyer, rowState } = wish;
      if (rowState === null || known.has(orderNo)) continue;
      const decision = decisionOf(rowState);
      if (!isTermsRefusal(decision)) continue;
      const decided = { orderNo, decision, liveOrderNo: null, state: rowState };
      known.set(orderNo, { ...decided, sid, buyer });
      taken.push({ wish, decided });
    }
    return taken;
  }

  return (orders: ReplayedOrder[]): ReplayedDecision[] => {
    const refused = takeTermsRefusals(orders);
    const present = <T>(one: T | undefined) => (one === undefined ? [] : [one]);
    const knownHere = [...new Set(orders.map(({ orderNo }) => orderNo))].flatMap((no) => present(known.get(no)));
    const liveHere = [...new Set(orders.map(buyerKey))].flatMap((key) => present(live.get(key)));
    const { fresh, unitsTaken } = decideBatch([{ sid, count, sale, kind, ...terms }], knownHere, liveHere, orders);
    sale += unitsTaken.get(sid) ?? 0;
    for (const { wish, decided } of fresh) {
      const { orderNo, buyer } = wish;
      known.set(orderNo, { ...decided, sid, buyer });
      if (decided.decision === 'CONFIRMED') live.set(buyerKey(wish), { orderNo, sid, buyer });
    }
    return [...refused, ...fresh];
  };
}
