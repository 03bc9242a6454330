import { createMerkleTree } from '../../../../proto/draws/merkle-tree.ts';
import type { Fields } from '../servers/database/evaluate-expression.ts';
import type { Change } from '../servers/database/transactions.ts';
import type { CheckOptions } from './check-options.ts';

const idOf = ({ entry_id: id }: Fields) => id as Buffer;

/** Checks entries, places and offers after each COMMIT. */
export function checkOffers({ database, fail }: Pick<CheckOptions, 'database' | 'fail'>): (changes: Change[]) => void {
  const entriesOf = (sid: unknown) => database.rowsOf('entry').filter((entry) => entry.sid === sid);

  function checkEntry(before: Fields | null, after: Fields | null): void {
    const name = `${after?.buyer} of stock ${after?.sid}`;
    if (!after) {
      // One that left before its draw closed comes again with another id.
      const isBack = entriesOf(before?.sid).some(({ buyer }) => buyer === before?.buyer);
      if (before?.attempt === 0 && isBack) return;
      fail('an entry is never deleted', `${before?.buyer}`);
      return;
    }
    if (before && before.state !== 'waiting' && before.state !== after.state) {
      fail('a turn is once', `${name} was ${before.state} and became ${after.state}, ${after.order_no}`);
    }
    checkPlace(before, after);
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

  function checkPlace(before: Fields | null, after: Fields): void {
    const { sid, attempt, buyer, place } = after;
    if (before && before.place !== null && before.place !== place) {
      fail('a place is given once', `${buyer} of stock ${sid} had ${before.place} and has ${place}`);
    }
    const draw = database.rowOf('draw', `${sid} ${attempt}`);
    if (!before && place === null && draw?.state !== 'taking') {
      fail('no entry is late', `${buyer} of stock ${sid} entered a draw that is ${draw?.state}`);
    }
    const same = entriesOf(sid).filter((entry) => entry.attempt === attempt && entry.place === place);
    if (place !== null && same.length > 1) fail('each place has one entry', `${place} of stock ${sid}`);
  }

  /** The entries of a draw are those of its statement. */
  function checkLeaves({ sid, attempt, state, entry_count: count, root }: Fields): void {
    if (count === null) return;
    const leaves = entriesOf(sid).filter(
      (entry) => entry.attempt === attempt && (entry.place === null || Number(entry.place) <= Number(count)),
    );
    const tree = createMerkleTree();
    for (const { entry_id: id } of leaves.sort((a, b) => Buffer.compare(idOf(a), idOf(b)))) tree.add(id as Buffer);
    if (leaves.length !== count || !Buffer.from(tree.root()).equals(root as Buffer)) {
      fail('the entries of a draw are those of its statement', `stock ${sid}: ${leaves.length} of ${count}`);
    }
    const placed = new Set(leaves.map(({ place }) => place));
    if (state === 'drawn' && (placed.has(null) || placed.size !== count)) {
      fail('a drawn entry has a place', `stock ${sid}: ${[...placed].join(', ')}`);
    }
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
    checkLeaves(after);
    const place = Number(after.offered_place);
    if (place < Number(before?.offered_place ?? 0)) fail('places are passed once', `stock ${after.sid}: ${place}`);
    const passed = entriesOf(after.sid).find(
      ({ state, attempt, place: of }) =>
        state === 'waiting' && attempt === after.attempt && of !== null && Number(of) <= place,
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
