import t from 'tap';
import { createDrawnStock } from '../../ci/testing/orders/create-drawn-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { mintOrderNumber, stockOfOrderNumber } from '../../proto/messages/order-number.ts';
import { realClock } from '../../proto/process/clock.ts';
import type { Database } from '../mysql/database.ts';
import { decideOrders } from '../orders/decide-orders.ts';
import { expireOrders } from '../orders/expire-orders.ts';
import type { NewStock } from '../stocks/stock-table.ts';
import { type MadeOffers, makeOffers } from './make-offers.ts';
import { findStocksDue } from './next-entries.ts';

const { database, mysql } = await createTestDatabase(t);
const KEY = 'k'.repeat(32);
const OFFER_WITHIN_MS = 60_000;

const drawnStock = (buyers: string[], stock: Partial<NewStock> = {}) => createDrawnStock(mysql, buyers, stock);

/** Runs until nothing is left to do, and resolves with what each transaction on this stock did. */
async function offer(sid: number, more: { batch?: number; database?: Database } = {}): Promise<MadeOffers[]> {
  const made: MadeOffers[] = [];
  const options = {
    mintOrderNo: (of: number, buyer: string) => mintOrderNumber(KEY, of, buyer),
    offerWithinMs: OFFER_WITHIN_MS,
    onMade: (each: MadeOffers) => void (each.units.sid === sid && made.push(each)),
    onError: (of: number, error: unknown) => {
      if (of === sid) throw error;
    },
  };
  while (await makeOffers(more.database ?? database, { ...options, ...(more.batch && { batch: more.batch }) }));
  return made;
}

const buyersOf = (made: MadeOffers[]) => made.map(({ offers }) => offers.map(({ buyer }) => buyer));

async function stateOf(sid: number) {
  const [[stock]] = await mysql.raw('SELECT sale, version, offers_only FROM stock WHERE id = ?', [sid]);
  const [[draw]] = await mysql.raw('SELECT offered_place, ended_at IS NOT NULL AS ended FROM draw WHERE sid = ?', [
    sid,
  ]);
  const [entries] = await mysql.raw('SELECT buyer, state, order_no FROM entry WHERE sid = ? ORDER BY place', [sid]);
  return { ...stock, ...draw, entries: entries.map(({ buyer, state }: Record<string, string>) => `${buyer} ${state}`) };
}

t.test('free units are offered by place: an order that is confirmed, with its event and its time to pay', async (t) => {
  const sid = await drawnStock(['ann', 'bob', 'eve'], { count: 2 });
  const [made, ...others] = await offer(sid);
  t.equal(others.length, 0);
  t.match(made, { units: { sid, count: 2, sale: 2, version: 1 }, lineEnded: false });
  t.match(await stateOf(sid), {
    sale: 2,
    version: 1,
    offers_only: 1,
    offered_place: 2,
    ended: 0,
    entries: ['ann offered', 'bob offered', 'eve waiting'],
  });
  const [rows] = await mysql.raw(
    `SELECT o.*, e.place, TIMESTAMPDIFF(SECOND, NOW(3), pay_by) AS paySeconds, v.type FROM stock_order o
     JOIN entry e ON e.order_no = o.order_no AND e.buyer = o.buyer JOIN order_event v ON v.order_no = o.order_no AND v.type = 'confirmed'
     WHERE o.sid = ? ORDER BY place`,
    [sid],
  );
  const common = {
    state: 'awaiting_payment',
    decided_by: 'offer',
    price_cents: 1999,
    type: 'confirmed',
    log_offset: null,
  };
  t.match(rows, [
    { ...common, buyer: 'ann' },
    { ...common, buyer: 'bob' },
  ]);
  for (const { order_no, buyer, paySeconds } of rows) {
    t.equal(stockOfOrderNumber(KEY, order_no, buyer), sid, 'its buyer can read it');
    t.ok(paySeconds > 55 && paySeconds <= 60);
  }
  t.same(await offer(sid), [], 'nothing is left to do');
  t.equal((await stateOf(sid)).version, 1, 'and the version does not move');
});

t.test('a free stock: the offer is a paid order', async (t) => {
  const sid = await drawnStock(['ann'], { priceCents: 0 });
  await offer(sid);
  const [events] = await mysql.raw('SELECT type FROM order_event WHERE sid = ? ORDER BY type', [sid]);
  t.same(
    events.map(({ type }: { type: string }) => type),
    ['confirmed', 'paid', 'offer_made'],
  );
  const [[row]] = await mysql.raw('SELECT state, pay_by, paid_at FROM stock_order WHERE sid = ?', [sid]);
  t.match(row, { state: 'paid', pay_by: null, paid_at: Date });
});

t.test('an unpaid unit goes to the next place, and never again to the first', async (t) => {
  const sid = await drawnStock(['ann', 'bob']);
  await offer(sid);
  for (const entries of [
    ['ann offered', 'bob offered'],
    ['ann offered', 'bob offered'],
  ]) {
    await mysql.raw(`UPDATE stock_order SET pay_by = NOW(3) WHERE sid = ? AND state = 'awaiting_payment'`, [sid]);
    await expireOrders(database, { onExpired: () => undefined, onError: (_sid, error) => t.fail(String(error)) });
    await offer(sid);
    t.match(await stateOf(sid), { entries });
  }
  t.match(await stateOf(sid), { sale: 0, offered_place: 2, offers_only: 1 });
});

t.test('entries that left, and buyers who have an order, are passed over', async (t) => {
  const sid = await drawnStock(['ann', 'bob', 'eve', 'kim', 'zoe'], { count: 3 });
  await mysql.raw(`UPDATE entry SET state = 'left', ended_at = NOW(3) WHERE sid = ? AND buyer = 'ann'`, [sid]);
  await mysql.raw(
    `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by) VALUES (?, ?, 'bob', '', 'paid', 0, 'log')`,
    [`${sid}-bob`, sid],
  );
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  t.same(buyersOf(await offer(sid)), [['eve'], ['kim']]);
  t.match(await stateOf(sid), {
    sale: 3,
    offered_place: 4,
    entries: ['ann left', 'bob left', 'eve offered', 'kim offered', 'zoe waiting'],
  });
});

t.test('a look for stocks with work reads none of past sales, and a sale that opens again', async (t) => {
  const ended = 1000;
  const first = await drawnStock(['ann', 'bob'], { count: 1 });
  const [[{ last }]] = await mysql.raw('SELECT MAX(id) AS last FROM stock');
  const numbers = `(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ended}) SELECT i FROM n) n`;
  await mysql.raw(
    `INSERT INTO stock (id, name, count, sale, mode, offers_only, closes_at, price_cents)
     SELECT ? + i, '', 2, 1, IF(i % 2, 'draw', 'rush'), 1, NOW(3) - INTERVAL 25 HOUR, 0 FROM ${numbers}`,
    [last],
  );
  await mysql.raw(
    `INSERT INTO draw (sid, attempt, draw_id, rules, seed, state, entries_open_at, entries_close_at, drawn_at, last_place)
     SELECT ? + i, 1, UNHEX(SHA2(? + i, 256)), '', '', 'drawn', NOW(3), NOW(3), NOW(3), 2 FROM ${numbers}`,
    [last, last],
  );
  const look = () =>
    database.session(async (session) => {
      const read = async () => {
        const rows = await session.rows<{ Value: string }>(`SHOW SESSION STATUS LIKE 'Handler_read%'`);
        return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
      };
      // What SHOW reads itself.
      const own = -(await read()) + (await read());
      const before = await read();
      const sids = await findStocksDue(session, 100);
      return { sids, read: (await read()) - before - own };
    });
  const { sids, read } = await look();
  t.ok(sids.includes(first));
  t.ok(sids.every((sid) => sid <= last));
  t.ok(read < ended / 10, `${read} rows read`);
  await mysql.raw('UPDATE stock SET closes_at = NOW(3) + INTERVAL 1 HOUR WHERE id = ?', [last + 1]);
  t.ok((await look()).sids.includes(last + 1));
  await mysql.raw('DELETE FROM draw WHERE sid > ?', [last]);
  await mysql.raw('DELETE FROM stock WHERE id > ?', [last]);
});

t.test('many offers are many transactions, in the sequence of the places', async (t) => {
  const buyers = Array.from({ length: 25 }, (_, i) => `buyer-${i}`);
  const sid = await drawnStock(buyers, { count: 23 });
  const made = await offer(sid, { batch: 10 });
  t.same(buyersOf(made), [buyers.slice(0, 10), buyers.slice(10, 20), buyers.slice(20, 23)]);
  t.match(await stateOf(sid), { sale: 23, version: 3, offered_place: 23 });
});

t.test('concurrent placers offer each unit once', async (t) => {
  const buyers = Array.from({ length: 60 }, (_, i) => `buyer-${i}`);
  const sid = await drawnStock(buyers, { count: 50 });
  const made = (await Promise.all([1, 2, 3, 4].map(() => offer(sid, { batch: 3 })))).flat();
  const offered = buyersOf(made).flat();
  t.same(offered.toSorted(), buyers.slice(0, 50).toSorted());
  t.match(await stateOf(sid), { sale: 50, offered_place: 50 });
});

t.test('no offer is made outside the window, while the sale is paused or rests, or before the draw', async (t) => {
  for (const [change, of] of [
    ['opens_at = NOW(3) + INTERVAL 1 HOUR', 'stock'],
    ['closes_at = NOW(3)', 'stock'],
    ['paused = 1', 'stock'],
    [`resting = 'open'`, 'stock'],
    [`state = 'stated'`, 'draw'],
  ] as const) {
    const sid = await drawnStock(['ann']);
    await mysql.raw(`UPDATE ${of} SET ${change} WHERE ${of === 'stock' ? 'id' : 'sid'} = ?`, [sid]);
    t.same(await offer(sid), [], change);
    t.match(await stateOf(sid), { sale: 0, version: 0, offered_place: 0 }, change);
  }
});

t.test('a pause between the look and the lock stops the offer', async (t) => {
  const sid = await drawnStock(['ann']);
  const paused: Database = {
    ...database,
    async transaction(work) {
      await mysql.raw('UPDATE stock SET paused = 1 WHERE id = ?', [sid]);
      return database.transaction(work);
    },
  };
  t.same(await offer(sid, { database: paused }), []);
  t.match(await stateOf(sid), { sale: 0, version: 0, offered_place: 0 });
});

t.test('where no entry waits, the line of a rush has ended and its units are sold as before', async (t) => {
  const sid = await drawnStock(['ann', 'bob'], { count: 2, mode: 'line' });
  await mysql.raw(`UPDATE stock SET mode = 'rush' WHERE id = ?`, [sid]);
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  const order = { sid, mintedAtMs: Date.now(), partition: null, offset: null };
  const decide = async (buyer: string) => {
    const options = { clock: realClock, random: Math.random, decidedBy: 'direct' as const, payWithinMs: 60_000 };
    const orders = [{ ...order, orderNo: `${sid}-${buyer}`, buyer }];
    const [outcome] = (await decideOrders(database, orders, { ...options, beforeTry: () => undefined })).outcomes;
    return outcome;
  };
  t.match(await offer(sid), [{ offers: [{ buyer: 'ann' }], lineEnded: false }]);
  t.match(await decide('kim'), { decision: 'ENTRY_REQUIRED' });
  await mysql.raw(`UPDATE entry SET state = 'left' WHERE sid = ? AND buyer = 'bob'`, [sid]);
  await mysql.raw('UPDATE stock SET sale = 1 WHERE id = ?', [sid]);
  t.match(await offer(sid), [{ offers: [], lineEnded: true }]);
  t.match(await stateOf(sid), { offers_only: 0, ended: 1, offered_place: 2 });
  t.match(await decide('zoe'), { decision: 'CONFIRMED' });
});

t.test('a draw whose entries all had their turn goes on refusing other orders', async (t) => {
  const sid = await drawnStock(['ann'], { count: 3 });
  t.match(await offer(sid), [{ offers: [{ buyer: 'ann' }], lineEnded: false }]);
  t.match(await stateOf(sid), { sale: 1, offers_only: 1, ended: 0 });
});
