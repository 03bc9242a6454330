import type { Database, Session, Transaction } from '../mysql/database.ts';
import { realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { type RecordChange, recordNothing } from '../stocks/admin-action-table.ts';
import type { UnitsAfter } from '../stocks/stock-table.ts';
import { isLadderOrder } from './decide-batch.ts';
import { hurrySessions } from './order-sessions.ts';
import { lockOrders, type Order, readOrders } from './order-table.ts';
import { lockStock, returnUnits, type UnitReturn } from './return-units.ts';

/** `order`: its current state. `units`: of the stock, after the COMMIT. */
export type OrderChange =
  | { outcome: 'CHANGED'; order: Order; units: UnitsAfter }
  | { outcome: 'UNCHANGED' | 'WRONG_STATE'; order: Order }
  | { outcome: 'ORDER_NOT_FOUND' }
  /** The log is being replayed; no unit is returned until that ends. */
  | { outcome: 'RESTING' };

/**
 * Cancels an unpaid order and returns its unit in the same transaction. The worker ends its session at once; money that comes
 * before is refunded. `buyer`: who must own the order; null: an administrator cancels it. `record` runs in the same transaction.
 */
export function cancelOrder(
  database: Database,
  orderNo: string,
  buyer: string | null,
  pace = realPace,
  record: RecordChange = recordNothing,
): Promise<OrderChange> {
  const isOwnOrder = (order: Order) => (buyer === null || order.buyer === buyer) && !isLadderOrder(order);
  const hurry = async (session: Session) => {
    await hurrySessions(session, orderNo);
    await record(session, orderNo);
  };
  return endOrder(database, orderNo, { from: 'awaiting_payment', to: 'cancelled' }, isOwnOrder, hurry, pace);
}

/**
 * Ends an order and returns its unit. When `isAllowed` is false, the answer is the same as for an unknown order. `alsoDo` runs in the
 * same transaction.
 */
export async function endOrder(
  database: Database,
  orderNo: string,
  change: UnitReturn,
  isAllowed: (order: Order) => boolean,
  alsoDo: (session: Session) => Promise<void>,
  pace = realPace,
): Promise<OrderChange> {
  const read = async (session: Session) => (await readOrders(session, [orderNo]))[0];
  // First a read without a lock: a request that changes nothing must not change the version and make deciders start again.
  const seen = await database.session((session) => read(session));
  if (!seen || !isAllowed(seen)) return { outcome: 'ORDER_NOT_FOUND' };
  if (seen.state !== change.from) return unchanged(seen, change);

  const end = async (session: Transaction): Promise<OrderChange | null> => {
    if (!(await lockStock(session, seen.sid))) return { outcome: 'RESTING' };
    const [order] = await lockOrders(session, [orderNo], 'wait');
    if (order?.state !== change.from) return session.rollBack(null);
    const units = await returnUnits(session, order.sid, [order], change);
    await alsoDo(session);
    const after = await read(session);
    return { outcome: 'CHANGED', order: after as Order, units };
  };
  const result = await repeatTransaction(database, end, pace);
  if (result) return result;
  const now = await database.session((session) => read(session));
  return now ? unchanged(now, change) : { outcome: 'ORDER_NOT_FOUND' };
}

function unchanged(order: Order, { to }: UnitReturn): OrderChange {
  return { outcome: order.state === to ? 'UNCHANGED' : 'WRONG_STATE', order };
}
