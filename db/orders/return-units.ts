import assert from 'node:assert/strict';
import type { Session } from '../mysql/database.ts';
import type { UnitsAfter } from '../stocks/stock-table.ts';
import { insertOrderEvents } from './order-event-table.ts';

/** An order whose units are returned. `decidedBy`: read where orders expire, because an offer that expires has an event of its own. */
export type ReturningOrder = {
  orderNo: string;
  buyer: string;
  priceCents: number;
  quantity: number;
  decidedBy?: string;
};

/** The transitions that return the units of an order. */
export type UnitReturn = { from: 'awaiting_payment'; to: 'expired' | 'cancelled' } | { from: 'paid'; to: 'refunded' };

/**
 * Locks the stock by changing its version, first in every transaction that returns units, before any order is locked. Decisions based
 * on the old version fail their version check. False: the stock rests (rest-returns.ts), and no unit may be returned.
 */
export async function lockStock(session: Session, sid: number): Promise<boolean> {
  return (await session.change('UPDATE stock SET version = version + 1 WHERE id = ? AND resting IS NULL', [sid])) === 1;
}

/**
 * Ends orders of one stock and returns their units. The caller has locked the stock (lockStock), then the orders, and
 * has seen them in state `from`.
 */
export async function returnUnits(
  session: Session,
  sid: number,
  orders: ReturningOrder[],
  { from, to }: UnitReturn,
): Promise<UnitsAfter> {
  assert(orders.length > 0);
  const changed = await session.change(
    'UPDATE stock_order SET state = ?, ended_at = NOW(3) WHERE order_no IN (?) AND sid = ? AND state = ?',
    [to, orders.map(({ orderNo }) => orderNo), sid, from],
  );
  // They are locked and were seen in that state. An event without its change would mislead other systems.
  assert.equal(changed, orders.length);
  const returned = orders.reduce((sum, { quantity }) => sum + quantity, 0);
  await session.change('UPDATE stock SET sale = sale - ? WHERE id = ?', [returned, sid]);
  await insertOrderEvents(
    session,
    orders.flatMap(({ orderNo, buyer, priceCents, decidedBy }) => {
      const types = to === 'expired' && decidedBy === 'offer' ? ([to, 'offer_expired'] as const) : [to];
      return types.map((type) => ({ orderNo, type, sid, buyer, priceCents }));
    }),
  );
  const [units] = await session.rows<UnitsAfter>('SELECT id AS sid, count, sale, version FROM stock WHERE id = ?', [
    sid,
  ]);
  assert(units);
  return units;
}
