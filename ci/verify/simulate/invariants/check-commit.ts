import { CONFIRMED_ORDER_STATES, ORDER_STATES } from '../../../../db/orders/order-states.ts';
import type { Fields } from '../servers/database/evaluate-expression.ts';
import type { Change } from '../servers/database/transactions.ts';
import type { CheckOptions } from './check-options.ts';
import { checkPayments } from './check-payments.ts';
import { checkTerms } from './check-terms.ts';
import { eventsOfChange, eventsOfDrawChange } from './events-of-change.ts';

const MAY_BECOME: Record<string, string[]> = {
  awaiting_payment: ['paid', 'expired', 'cancelled'],
  paid: ['refunded'],
};
const REFUSED = new Set<string>(ORDER_STATES);
for (const state of CONFIRMED_ORDER_STATES) REFUSED.delete(state);

const isActive = (order: Fields | null) => order?.live === 1;
const unitsOf = (order: Fields | null) => (isActive(order) ? Number(order?.quantity) : 0);

/** Checks every invariant of the rows after each COMMIT. */
export function checkCommit(options: CheckOptions): (changes: Change[]) => void {
  const { database, refusedNumbers, takingNoUnit, fail } = options;
  const checkNewTerms = checkTerms(options);
  const checkPayment = checkPayments(options);
  /** Units of the active orders of each stock. */
  const activeOf = new Map<unknown, number>();
  const activeOfBuyer = new Map<string, number>();

  function count({ before, after }: Change): void {
    const { sid, buyer } = (after ?? before) as Fields;
    const more = Number(isActive(after)) - Number(isActive(before));
    const key = `${sid} ${buyer}`;
    activeOf.set(sid, (activeOf.get(sid) ?? 0) + unitsOf(after) - unitsOf(before));
    activeOfBuyer.set(key, (activeOfBuyer.get(key) ?? 0) + more);
    if ((activeOfBuyer.get(key) ?? 0) > 1) fail('one active order per buyer and stock', `${buyer} has two of ${sid}`);
  }

  function checkNew(order: Fields): void {
    const { order_no: orderNo, sid, buyer, state } = order;
    checkNewTerms(order);
    const stock = database.rowOf('stock', String(sid));
    if (state === 'sold_out') checkSoldOut(order, Number(stock?.count) - Number(stock?.sale));
    if (state === 'duplicate') {
      const active = database.rowOf('stock_order', String(order.live_order_no));
      if (!isActive(active) || active?.buyer !== buyer || active?.sid !== sid) {
        fail('a duplicate has an active order', `${orderNo} names ${order.live_order_no}`);
      }
    }
    if (!REFUSED.has(String(state)) && refusedNumbers.has(String(orderNo))) {
      fail('a refused order is never confirmed', `${orderNo} of ${buyer} is ${state}`);
    }
  }

  /** `left`: after the COMMIT. Orders behind it in the batch may have taken units too. */
  function checkSoldOut({ order_no: orderNo, quantity, units_left: unitsLeft }: Fields, left: number): void {
    if (left >= Number(quantity) && !takingNoUnit.has(String(orderNo))) {
      fail('sold out only without units left', `${orderNo} of ${quantity} was refused while ${left} were left`);
    }
    if (unitsLeft !== null && (Number(unitsLeft) < left || Number(unitsLeft) >= Number(quantity))) {
      fail('a refusal says how many are left', `${orderNo} of ${quantity} says ${unitsLeft}, and ${left} were left`);
    }
  }

  function checkChanged(before: Fields, after: Fields | null): void {
    const [from, to] = [String(before.state), String(after?.state)];
    if (!after) fail('a decision is never deleted', `${before.order_no} has no row`);
    else if (from !== to && !MAY_BECOME[from]?.includes(to)) {
      fail('a decision never changes', `${before.order_no} changed from ${from} to ${to}`);
    }
  }

  function checkStock(sid: unknown): void {
    const stock = database.rowOf('stock', String(sid));
    const active = activeOf.get(sid) ?? 0;
    if (Number(stock?.sale) !== active) {
      fail('sale equals the units of the active orders', `stock ${sid}: ${stock?.sale}, and ${active} active`);
    }
    if (active > Number(stock?.count)) fail('never oversold', `stock ${sid}: ${active} of ${stock?.count}`);
  }

  return (changes) => {
    const sids = new Set<unknown>();
    for (const change of changes) {
      const { table, before, after } = change;
      if (table === 'stock') sids.add(after?.id);
      if (table === 'payment') checkPayment(change);
      if (table !== 'stock_order') continue;
      sids.add((after ?? before)?.sid);
      count(change);
      if (before) checkChanged(before, after);
      else if (after) checkNew(after);
    }
    for (const event of missingEvents(changes)) fail('every state has its event', `no event: ${event}`);
    for (const sid of sids) checkStock(sid);
  };
}

/** Events that the same COMMIT should have inserted. The worker publishes what the log confirmed (check-events.ts). */
function missingEvents(changes: Change[]): string[] {
  const inserted = new Set(
    changes.filter(({ table }) => table === 'order_event').map(({ after }) => `${after?.order_no} ${after?.type}`),
  );
  return changes.flatMap(({ table, before, after }) => {
    if (table === 'draw' && after) {
      const events = eventsOfDrawChange(before, after).map((type) => `${after.sid}/${after.attempt} ${type}`);
      return events.filter((event) => !inserted.has(event));
    }
    if (table !== 'stock_order' || !after) return [];
    return eventsOfChange(before, after)
      .filter((type) => type !== 'confirmed' || after.decided_by !== 'log')
      .map((type) => `${after.order_no} ${type}`)
      .filter((event) => !inserted.has(event));
  });
}
