import type { Fields } from '../servers/database/evaluate-expression.ts';
import type { Change } from '../servers/database/transactions.ts';
import type { CheckOptions } from './check-options.ts';

/** Checks entries, places and offers after each COMMIT. */
export function checkOffers({ database, fail }: Pick<CheckOptions, 'database' | 'fail'>): (changes: Change[]) => void {
  const entriesOf = (sid: unknown) => database.rowsOf('entry').filter((entry) => entry.sid === sid);

  function checkEntry(before: Fields | null, after: Fields | null): void {
    const name = `${after?.buyer} of stock ${after?.sid}`;
    if (!after) {
      fail('an entry is never deleted', `${before?.buyer}`);
      return;
    }
    if (before && before.state !== 'waiting') {
      fail('a turn is once', `${name} was ${before.state} and became ${after.state}, ${after.order_no}`);
    }
    if (after.state !== 'offered') return;
    const order = database.rowOf('stock_order', String(after.order_no));
    if (order?.decided_by !== 'offer' || order.buyer !== after.buyer || order.sid !== after.sid) {
      fail('an offered entry has its order', `${name} names ${after.order_no}`);
    }
    const earlier = entriesOf(after.sid).find(
      ({ state, place, attempt }) =>
        state === 'waiting' && attempt === after.attempt && Number(place) < Number(after.place),
    );
    if (earlier) fail('offers go by place', `${name} has place ${after.place}, and ${earlier.buyer} ${earlier.place}`);
  }

  function checkOrder(order: Fields): void {
    const { order_no: orderNo, sid, buyer } = order;
    if (order.decided_by !== 'offer') {
      const stock = database.rowOf('stock', String(sid));
      const isConfirmed = order.state === 'awaiting_payment' || order.state === 'paid';
      if (isConfirmed && stock?.offers_only !== 0) {
        fail('where units go to offers nothing else is confirmed', `${orderNo} of ${buyer}`);
      }
      return;
    }
    const entry = entriesOf(sid).find((each) => each.order_no === orderNo);
    if (entry?.buyer !== buyer || entry?.state !== 'offered') fail('an offer has its entry', `${orderNo} of ${buyer}`);
  }

  function checkDraw(before: Fields | null, after: Fields): void {
    const place = Number(after.offered_place);
    if (place < Number(before?.offered_place ?? 0)) fail('places are passed once', `stock ${after.sid}: ${place}`);
    const passed = entriesOf(after.sid).find(
      (entry) => entry.state === 'waiting' && entry.attempt === after.attempt && Number(entry.place) <= place,
    );
    if (passed) fail('nobody is passed over', `${passed.buyer} waits at place ${passed.place} of ${place}`);
    const waits = entriesOf(after.sid).some(({ state, attempt }) => state === 'waiting' && attempt === after.attempt);
    if (after.ended_at !== null && waits) fail('a line ends when no entry waits', `stock ${after.sid}`);
  }

  return (changes) => {
    for (const { table, before, after } of changes) {
      if (table === 'entry') checkEntry(before, after);
      if (table === 'draw' && after) checkDraw(before, after);
      if (table === 'stock_order' && after && !before) checkOrder(after);
    }
  };
}
