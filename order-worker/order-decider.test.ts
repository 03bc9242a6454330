import t from 'tap';
import { createTestStock } from '../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../ci/testing/servers/test-database.ts';
import type { Database } from '../db/mysql/database.ts';
import { isInvalidOrder } from '../db/orders/decide-batch.ts';
import { type Decided, decideOrders, type PendingOrder } from '../db/orders/decide-orders.ts';
import { realClock } from '../proto/process/clock.ts';
import { createOrderDecider } from './order-decider.ts';

const { mysql, database } = await createTestDatabase(t);
const options = { clock: realClock, random: Math.random, payWithinMs: 900_000 };
const always = () => undefined;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Counts the transactions of decideOrders, and the calls. */
function watched() {
  const count = { transactions: 0, calls: 0 };
  const counting: Database = {
    ...database,
    transaction(work) {
      count.transactions += 1;
      return database.transaction(work);
    },
    session: (work) =>
      database.session((session) =>
        work({
          ...session,
          rows(sql, values) {
            if (sql.startsWith('CALL')) count.calls += 1;
            return session.rows(sql, values);
          },
        }),
      ),
  };
  return { count, decide: createOrderDecider(counting, options) };
}

function order(sid: number, no: string, buyer = no, more: Partial<PendingOrder> = {}): PendingOrder {
  const mintedAtMs = Date.now();
  return {
    orderNo: `${sid}-${no}`,
    sid,
    buyer,
    mintedAtMs,
    partition: 3,
    offset: 7n,
    appendedAtMs: mintedAtMs,
    ...more,
  };
}

const decisions = ({ outcomes }: Decided) =>
  outcomes.map((outcome) => (isInvalidOrder(outcome) ? 'invalid' : outcome.decision));

t.test('a batch that takes the last units is one call, and the next one makes none that fails', async (t) => {
  const sid = await createTestStock(mysql, { count: 3 });
  const { count, decide } = watched();
  const first = await decide([order(sid, 'a'), order(sid, 'b'), order(sid, 'c')], always);
  t.same(decisions(first), ['CONFIRMED', 'CONFIRMED', 'CONFIRMED']);
  t.match(first.units, [{ sid, count: 3, sale: 3, version: 1 }]);
  t.same(count, { transactions: 0, calls: 1 });
  t.same(decisions(await decide([order(sid, 'd')], always)), ['SOLD_OUT']);
  t.same(count, { transactions: 1, calls: 2 });
  t.same(decisions(await decide([order(sid, 'e')], always)), ['SOLD_OUT']);
  t.same(count, { transactions: 2, calls: 2 });
  await mysql.raw('UPDATE stock SET count = 9 WHERE id = ?', [sid]);
  t.same(decisions(await decide([order(sid, 'f')], always)), ['CONFIRMED']);
  t.same(decisions(await decide([order(sid, 'g')], always)), ['CONFIRMED']);
  t.same(count, { transactions: 3, calls: 3 });
});

t.test('a repeat of a recent number is answered with its current state, and the others are one call', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const { count, decide } = watched();
  await decide([order(sid, 'a'), order(sid, 'b')], always);
  await mysql.raw(`UPDATE stock_order SET state = 'paid' WHERE order_no = ?`, [`${sid}-a`]);
  const { outcomes, units } = await decide([order(sid, 'a'), order(sid, 'c'), order(sid, 'c')], always);
  t.match(outcomes, [{ state: 'paid' }, { state: 'awaiting_payment' }, { state: 'awaiting_payment' }]);
  t.match(units, [{ sale: 3 }]);
  t.same(count, { transactions: 0, calls: 2 });
  const known = await decide([order(sid, 'a')], always);
  t.same([decisions(known), known.units], [['CONFIRMED'], []]);
  t.same(decisions(await decide([order(sid, 'a', 'kim')], always)), ['invalid']);
});

t.test('after an unknown answer the batch is decided once', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const errors: unknown[] = [];
  const lost: Database = {
    ...database,
    async session(work) {
      await database.session(work);
      throw new Error('the answer is lost');
    },
  };
  const decide = createOrderDecider(lost, options);
  const batch = [order(sid, 'a'), order(sid, 'b')];
  const decided = await decide(batch, (_tries, error) => {
    if (error) errors.push(error);
  });
  t.same(decisions(decided), ['CONFIRMED', 'CONFIRMED']);
  t.match(errors, [{ message: 'the answer is lost' }]);
  const [[stock]] = await mysql.raw('SELECT sale FROM stock WHERE id = ?', [sid]);
  t.equal(stock.sale, 2);
});

t.test('without the procedure every batch is decided, and it is not called again at once', async (t) => {
  const other = await createTestDatabase(t);
  await other.mysql.raw('DROP PROCEDURE confirm_rush_orders');
  const sid = await createTestStock(other.mysql, { count: 9 });
  const errors: unknown[] = [];
  const decide = createOrderDecider(other.database, options);
  for (const no of ['a', 'b', 'c']) {
    const decided = await decide([order(sid, no)], (_tries, error) => {
      if (error) errors.push(error);
    });
    t.same(decisions(decided), ['CONFIRMED']);
  }
  t.match(errors, [{ errno: 1305 }]);
});

t.test('one call sells nothing before the opening, by the clock and by the stamp of each order', async (t) => {
  const opensAt = new Date(Date.now() - HOUR_MS);
  const early = { stampMs: opensAt.getTime() - 1 };
  const onTime = { stampMs: opensAt.getTime() };
  for (const [opens, batch, expected] of [
    [new Date(Date.now() + HOUR_MS), [{}, {}], ['NOT_OPEN', 'NOT_OPEN']],
    [opensAt, [early], ['NOT_OPEN']],
    [opensAt, [onTime, early], ['CONFIRMED', 'NOT_OPEN']],
    [opensAt, [onTime, {}], ['CONFIRMED', 'CONFIRMED']],
  ] as const) {
    const sid = await createTestStock(mysql, { count: 9 });
    await mysql.raw('UPDATE stock SET opens_at = ? WHERE id = ?', [opens, sid]);
    const { count, decide } = watched();
    const decided = await decide(
      batch.map((stamp, i) => order(sid, `n${i}`, `b${i}`, stamp)),
      always,
    );
    t.same(decisions(decided), expected);
    t.equal(count.calls, 1);
  }
});

t.test('one call sells nothing of a paused stock, and nothing above the maximum price', async (t) => {
  for (const [terms, most, expected] of [
    ['paused = 1', null, 'PAUSED'],
    ['price_cents = 1999', 1998, 'PRICE_ABOVE_MAX'],
    ['price_cents = 1999', 1999, 'CONFIRMED'],
  ] as const) {
    const sid = await createTestStock(mysql, { count: 9 });
    await mysql.raw(`UPDATE stock SET ${terms} WHERE id = ?`, [sid]);
    const { count, decide } = watched();
    const batch = [order(sid, 'a', 'ann', { maxPriceCents: most })];
    t.same(decisions(await decide(batch, always)), [expected]);
    t.equal(count.calls, 1);
  }
});

t.test('a call with a number that another worker has decided changes nothing', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  await watched().decide([order(sid, 'a')], always);
  const { count, decide } = watched();
  t.same(decisions(await decide([order(sid, 'a'), order(sid, 'b')], always)), ['CONFIRMED', 'CONFIRMED']);
  t.same(count, { transactions: 1, calls: 1 });
  const [[stock]] = await mysql.raw('SELECT sale, version FROM stock WHERE id = ?', [sid]);
  t.same(stock, { sale: 2, version: 2 });
});

/** Random numbers from a seed, so that a failure can be repeated. */
function seeded(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    whole: (below: number) => Math.floor(next() * below),
    chance: (probability: number) => next() < probability,
    pick: <T>(items: T[]): T => items[Math.floor(next() * items.length)] as T,
  };
}

const startMs = Date.now();
type Terms = Record<string, number | string | Date | boolean | null>;
const opensMs = startMs - 2 * HOUR_MS;
const closesMs = startMs - HOUR_MS;
const TERMS: Terms[] = [
  {},
  {},
  { price_cents: 0 },
  { paused: true },
  { offers_only: true },
  { opens_at: new Date(startMs + HOUR_MS) },
  { opens_at: new Date(opensMs), closes_at: new Date(closesMs) },
  { closes_at: new Date(startMs - 7 * DAY_MS - HOUR_MS) },
  { closes_at: new Date(startMs - 7 * DAY_MS + HOUR_MS) },
  { kind: 'ladder' },
];
const STAMPS = [null, opensMs - 1, opensMs, closesMs - 1, closesMs, startMs - 9 * DAY_MS, startMs + DAY_MS];

/** Everything about a stock's orders except the times of the database's clock. `sid` is replaced, because the twins differ in it. */
async function describe(sids: number[]) {
  const own = (text: string | null) => text?.replace(/^\d+-/, '') ?? null;
  const described: unknown[] = [];
  for (const sid of sids) {
    const [[stock]] = await mysql.raw('SELECT count, sale, version FROM stock WHERE id = ?', [sid]);
    const [orders] = await mysql.raw('SELECT * FROM stock_order WHERE sid = ?', [sid]);
    const [events] = await mysql.raw('SELECT order_no, type, buyer, price_cents FROM order_event WHERE sid = ?', [sid]);
    const rows = orders.map(
      ({ sid: _, create_time: _at, pay_by, paid_at, judged_at, ...row }: Record<string, unknown>) => ({
        ...row,
        order_no: own(row.order_no as string),
        buyer: own(row.buyer as string),
        live_order_no: own(row.live_order_no as string | null),
        judged_at: Number(judged_at) >= startMs ? 'now' : judged_at,
        paysFor: pay_by && Math.round((Number(pay_by) - Date.now()) / HOUR_MS),
        isPaid: paid_at !== null,
      }),
    );
    const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    const facts = events.map((event: Record<string, unknown>) => ({
      ...event,
      order_no: own(event.order_no as string),
    }));
    described.push({ stock, rows: rows.toSorted(byText), events: facts.toSorted(byText) });
  }
  return described;
}

type Twins = [number, number][];
type Random = ReturnType<typeof seeded>;

/** Pairs of equal stocks. The first pair has the terms of this seed, the second none. */
async function createTwins(seed: number, random: Random): Promise<Twins> {
  const twins: Twins = [];
  for (const terms of [TERMS[seed % TERMS.length], {}].slice(0, 1 + (seed % 2))) {
    const count = random.pick([3, 8, 50]);
    const pair: [number, number] = [await createTestStock(mysql, { count }), await createTestStock(mysql, { count })];
    const fields = { price_cents: 1999, ...terms };
    const set = Object.keys(fields).map((name) => `${name} = ?`);
    await mysql.raw(`UPDATE stock SET ${set} WHERE id IN (?, ?)`, [...Object.values(fields), ...pair]);
    twins.push(pair);
  }
  return twins;
}

/** `plain`: few repeats, and nothing that takes no unit. */
function createRequest(random: Random, twins: Twins, plain: boolean) {
  const buyer = `b\\"'${random.whole(plain ? 1000 : 25)}`;
  const more: Partial<PendingOrder> = {
    mintedAtMs: startMs - random.whole(5000),
    stampMs: random.chance(plain ? 0.9 : 0.5) ? startMs - random.whole(3 * HOUR_MS) : random.pick(STAMPS),
    ...(random.chance(0.1) && { maxPriceCents: 1998 + random.whole(3) }),
    ...(random.chance(plain ? 0 : 0.03) && { takesNoUnit: true, metClosed: random.chance(0.5) }),
    partition: random.whole(8),
    offset: BigInt(random.whole(1000)),
    index: random.whole(500),
    appendedAtMs: random.chance(0.9) ? startMs + random.whole(1000) : null,
  };
  const twin = random.pick(twins);
  const no = random.chance(0.9) ? `n${random.whole(plain ? 1000 : 60)}` : buyer;
  const isLadder = random.chance(plain ? 0 : 0.05);
  return (side: 0 | 1) => order(twin[side], no, isLadder ? `${twin[side]}-${no}` : buyer, more);
}

/** The same text for both sides of equal decisions. */
function comparable(twins: Twins, { outcomes, units }: Decided): string {
  const stockOf = (sid: number) => twins.findIndex((pair) => pair.includes(sid));
  const sorted = units.toSorted((a, b) => stockOf(a.sid) - stockOf(b.sid));
  return twins.reduce(
    (text, pair, i) => text.replaceAll(new RegExp(pair.join('|'), 'g'), `stock ${i}`),
    JSON.stringify({ outcomes, units: sorted }),
  );
}

t.test('random batches have the same rows, outcomes and units as those of decideOrders', async (t) => {
  const { count, decide } = watched();
  for (let seed = 1; seed <= 18; seed += 1) {
    const random = seeded(seed);
    const twins = await createTwins(seed, random);
    const plain = random.chance(0.4);
    for (let batches = 0; batches < 4; batches += 1) {
      const requests = Array.from({ length: 1 + random.whole(7) }, () => createRequest(random, twins, plain));
      const careful = await decideOrders(
        database,
        requests.map((build) => build(0)),
        { ...options, decidedBy: 'log', beforeTry: always },
      );
      const inOneCall = await decide(
        requests.map((build) => build(1)),
        always,
      );
      t.equal(comparable(twins, inOneCall), comparable(twins, careful), `outcomes of seed ${seed}`);
    }
    t.same(await describe(twins.map(([, b]) => b)), await describe(twins.map(([a]) => a)), `rows of seed ${seed}`);
  }
  t.ok(count.calls > 8 && count.transactions > 20, JSON.stringify(count));
});
