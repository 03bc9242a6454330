import { CONFIRMED_ORDER_STATES, ORDER_STATES } from '../../../../db/orders/order-states.ts';
import type { Fields } from '../servers/database/evaluate-expression.ts';
import type { SimulatedDatabase } from '../servers/database/simulated-database.ts';
import type { Change } from '../servers/database/transactions.ts';
import type { World } from '../world/world.ts';
import type { AskedOrder } from './asked-order.ts';
import { checkTerms } from './check-terms.ts';

export type CommitCheckOptions = {
  world: World;
  database: SimulatedDatabase;
  asked: Map<string, AskedOrder>;
  /** Order numbers whose buyers were told that they got nothing. */
  soldOutPublished: Set<string>;
  /** Order numbers that were sent as orders that take no unit. */
  takingNoUnit: Set<string>;
  fail(invariant: string, detail: string): void;
};

const MAY_BECOME: Record<string, string[]> = {
  awaiting_payment: ['paid', 'expired', 'cancelled'],
  paid: ['refunded'],
};
/** The fact that other systems are told of each state. */
const EVENT_OF: Record<string, string> = { awaiting_payment: 'confirmed' };
const REFUSED = ORDER_STATES.filter((state) => !(CONFIRMED_ORDER_STATES as readonly string[]).includes(state)).map(
  String,
);

const isLive = (order: Fields | null) => order?.live === 1;

/** Every promise that can be told from the rows, looked at after each COMMIT. */
export function checkCommit(parts: CommitCheckOptions): (changes: Change[]) => void {
  const { database, soldOutPublished, takingNoUnit, fail } = parts;
  const checkNewTerms = checkTerms(parts);
  const liveOf = new Map<unknown, number>();
  const liveOfBuyer = new Map<string, number>();

  function count({ before, after }: Change): void {
    const { sid, buyer } = (after ?? before) as Fields;
    const more = Number(isLive(after)) - Number(isLive(before));
    const key = `${sid} ${buyer}`;
    liveOf.set(sid, (liveOf.get(sid) ?? 0) + more);
    liveOfBuyer.set(key, (liveOfBuyer.get(key) ?? 0) + more);
    if ((liveOfBuyer.get(key) ?? 0) > 1) fail('one live order of a buyer and stock', `${buyer} has two of ${sid}`);
  }

  function checkNew(order: Fields): void {
    const { order_no: orderNo, sid, buyer, state } = order;
    checkNewTerms(order);
    const stock = database.rowOf('stock', String(sid));
    if (state === 'sold_out' && Number(stock?.sale) < Number(stock?.count) && !takingNoUnit.has(String(orderNo))) {
      fail('sold out means sold out', `${orderNo} was refused while ${stock?.sale} of ${stock?.count} were sold`);
    }
    if (state === 'duplicate') {
      const live = database.rowOf('stock_order', String(order.live_order_no));
      if (!isLive(live) || live?.buyer !== buyer || live?.sid !== sid) {
        fail('a duplicate has a live order', `${orderNo} names ${order.live_order_no}`);
      }
    }
    if (!REFUSED.includes(String(state)) && soldOutPublished.has(String(orderNo))) {
      fail('told sold out, never confirmed', `${orderNo} of ${buyer} is ${state} now`);
    }
  }

  function checkChanged(before: Fields, after: Fields | null): void {
    const [from, to] = [String(before.state), String(after?.state)];
    if (!after) fail('a decision is kept', `the row of ${before.order_no} is gone`);
    else if (from !== to && !MAY_BECOME[from]?.includes(to)) {
      fail('a decision is never taken back', `${before.order_no} went from ${from} to ${to}`);
    }
  }

  return (changes) => {
    const sids = new Set<unknown>();
    const events = new Set(
      changes.flatMap(({ table, after }) => (table === 'order_event' ? `${after?.order_no} ${after?.type}` : [])),
    );
    for (const change of changes) {
      const { table, before, after } = change;
      if (table === 'stock') sids.add(after?.id);
      if (table !== 'stock_order') continue;
      sids.add((after ?? before)?.sid);
      count(change);
      if (before) checkChanged(before, after);
      else if (after) checkNew(after);
      const state = String(after?.state);
      // An order of the ladder belongs to no buyer, and is published to no one.
      if (after?.order_no === after?.buyer) continue;
      const event = `${after?.order_no} ${EVENT_OF[state] ?? state}`;
      if (before?.state !== state && !REFUSED.includes(state) && !events.has(event)) {
        fail('every fact is published', `nobody will hear: ${event}`);
      }
    }
    for (const sid of sids) {
      const stock = database.rowOf('stock', String(sid));
      const live = liveOf.get(sid) ?? 0;
      if (Number(stock?.sale) !== live)
        fail('sale is the live orders', `stock ${sid}: ${stock?.sale}, and ${live} live`);
      if (live > Number(stock?.count)) fail('never oversold', `stock ${sid}: ${live} of ${stock?.count}`);
    }
  };
}
