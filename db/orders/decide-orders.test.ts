import t from 'tap';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { interfere } from '../../ci/testing/orders/interfere.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { realClock } from '../../proto/process/clock.ts';
import type { Database } from '../mysql/database.ts';
import { isInvalidOrder, type Outcome } from './decide-batch.ts';
import { type DecideOptions, decideOrders, type PendingOrder } from './decide-orders.ts';
import { readOrders } from './order-table.ts';

const { database, mysql } = await createTestDatabase(t);

function options(more: Partial<DecideOptions> = {}): DecideOptions {
  const payWithinMs = 900_000;
  return {
    clock: realClock,
    random: Math.random,
    decidedBy: 'direct',
    payWithinMs,
    beforeTry: () => undefined,
    ...more,
  };
}

function order(sid: number, orderNo: string, buyer = orderNo): PendingOrder {
  return { orderNo: `${sid}-${orderNo}`, sid, buyer, mintedAtMs: Date.now(), partition: null, offset: null };
}

const short = (outcome: Outcome | undefined) => (!outcome || isInvalidOrder(outcome) ? 'invalid' : outcome.decision);

t.test('a decision is a row, with the price, the time to pay and how it was decided', async (t) => {
  const sid = await createTestStock(mysql, { count: 1, priceCents: 1999 });
  const request = { ...order(sid, 'a', 'ann'), partition: 6, offset: 41n };
  const before = Date.now();
  await decideOrders(database, [request, order(sid, 'b', 'bob')], options({ decidedBy: 'log', payWithinMs: 60_000 }));
  const [rows] = await mysql.raw(
    'SELECT buyer, state, price_cents, decided_by, log_partition, log_offset, pay_by FROM stock_order WHERE sid = ? ORDER BY 1',
    [sid],
  );
  const common = { price_cents: 1999, decided_by: 'log' };
  t.match(rows, [
    { ...common, buyer: 'ann', state: 'awaiting_payment', log_partition: 6, log_offset: 41 },
    { ...common, buyer: 'bob', state: 'sold_out', pay_by: null },
  ]);
  t.ok(Math.abs(rows[0].pay_by.getTime() - before - 60_000) < 5000);
});

t.test('where units go to offers an order is a refusal with a row, and its number stays refused', async (t) => {
  const sid = await createTestStock(mysql, { count: 1, mode: 'draw' });
  const decide = async () => (await decideOrders(database, [order(sid, 'a', 'ann')], options())).outcomes;
  t.match(await decide(), [{ decision: 'ENTRY_REQUIRED', state: 'entry_required' }]);
  await mysql.raw('UPDATE stock SET offers_only = 0 WHERE id = ?', [sid]);
  t.match(await decide(), [{ decision: 'ENTRY_REQUIRED', state: 'entry_required' }]);
});

t.test('a ladder order has no time to pay', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder' });
  const request = order(sid, 'a');
  await decideOrders(database, [{ ...request, buyer: request.orderNo }], options());
  const [row] = await database.session((session) => readOrders(session, [request.orderNo]));
  t.match(row, { state: 'awaiting_payment', payByMs: null });
});

t.test('a change between the read and the check makes the batch start again', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const locks: boolean[] = [];
  const raced = interfere(database, 'takeUnits', async (times) => {
    if (times === 1) await decideOrders(database, [order(sid, 'fast', 'ann')], options());
  });
  const watched: Database = {
    ...raced,
    transaction: (work) =>
      raced.transaction((transaction) =>
        work({
          ...transaction,
          rows(sql, values) {
            if (/FROM stock WHERE/.test(sql)) locks.push(sql.endsWith('FOR UPDATE'));
            return transaction.rows(sql, values);
          },
        }),
      ),
  };
  const { outcomes } = await decideOrders(
    watched,
    ['ann', 'bob', 'kim'].map((buyer) => order(sid, `slow-${buyer}`, buyer)),
    options(),
  );
  t.same(outcomes.map(short), ['DUPLICATE', 'CONFIRMED', 'SOLD_OUT']);
  t.same(locks, [false, true], 'after a lost race the stock is read FOR UPDATE');
  t.match(await auditStock(mysql, sid), { sale: 2, live: 2 });
});

t.test('a batch that takes no unit starts again too when a unit was returned meanwhile', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  const held = order(sid, 'held', 'ann');
  await decideOrders(database, [held], options());
  const raced = interfere(database, 'takeUnits', async (times) => {
    if (times > 1) return;
    await mysql.raw('UPDATE stock SET version = version + 1, sale = sale - 1 WHERE id = ?', [sid]);
    await mysql.raw("UPDATE stock_order SET state = 'expired' WHERE order_no = ?", [held.orderNo]);
  });
  const { outcomes } = await decideOrders(raced, [order(sid, 'late', 'bob')], options());
  t.same(outcomes.map(short), ['CONFIRMED']);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
});

t.test('four concurrent deciders on one stock, with repeats, sell the exact number of units', async (t) => {
  const units = 60;
  const sid = await createTestStock(mysql, { count: units });
  const requests = Array.from({ length: 200 }, (_, i) => order(sid, `n${i}`, `buyer-${i % 120}`));
  const decided = new Map<string, Set<string>>();
  async function decideAll(first: number): Promise<void> {
    // Each starts at another request, so that every number is decided by all of them, mostly at different times.
    const mine = [...requests.slice(first), ...requests.slice(0, first)];
    for (let from = 0; from < mine.length; from += 20) {
      for (const outcome of (await decideOrders(database, mine.slice(from, from + 20), options())).outcomes) {
        const seen = decided.get(outcome.orderNo) ?? new Set();
        decided.set(outcome.orderNo, seen.add(JSON.stringify(outcome)));
      }
    }
  }
  await Promise.all([0, 10, 90, 150].map(decideAll));
  const audit = await auditStock(mysql, sid);
  t.match(audit, { sale: units, live: units, greedy: 0 });
  t.equal(decided.size, requests.length);
  t.same(
    [...decided].filter(([, answers]) => answers.size !== 1),
    [],
    'one decision for each number',
  );
  const rows = Object.values(audit.states).reduce((sum, n) => sum + n, 0);
  t.equal(rows, requests.length, 'every decision is a row');
});

t.test('batches that lock several stocks in different orders do not block each other', async (t) => {
  const [first, second] = [await createTestStock(mysql, { count: 10 }), await createTestStock(mysql, { count: 10 })];
  const batch = (name: string, sids: number[]) =>
    sids.flatMap((sid) => [order(sid, `${name}1`), order(sid, `${name}2`)]);
  await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      decideOrders(database, batch(`d${i}-`, i % 2 ? [first, second] : [second, first]), options()),
    ),
  );
  for (const sid of [first, second])
    t.match(await auditStock(mysql, sid), { sale: 10, live: 10, states: { sold_out: 6 } });
});

t.test('an order number that another decider wrote in between keeps that decision', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const request = order(sid, 'a', 'ann');
  const errors: unknown[] = [];
  // After the version check: only the unique key detects this.
  const raced = interfere(database, 'insertOrders', async (times) => {
    if (times > 1) return;
    await mysql.raw(
      `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by) VALUES (?, ?, 'ann', '', 'sold_out', 0, 'log')`,
      [request.orderNo, sid],
    );
  });
  const beforeTry = (_tries: number, error: unknown) => void (error && errors.push(error));
  const { outcomes } = await decideOrders(raced, [request, order(sid, 'b', 'bob')], options({ beforeTry }));
  t.same(outcomes.map(short), ['SOLD_OUT', 'CONFIRMED']);
  t.match(errors, [{ errno: 1062 }]);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1 });
});

t.test('a permanent key conflict is halved down to its order', async (t) => {
  const sid = await createTestStock(mysql, { count: 20 });
  const clash = order(sid, 'own-buyer');
  // A ladder order is not looked up among the active orders, so only the unique key detects the conflict.
  await decideOrders(database, [order(sid, 'earlier', clash.orderNo)], options());
  const requests = [
    order(sid, 'a'),
    order(sid, 'b'),
    { ...clash, buyer: clash.orderNo },
    order(sid, 'c'),
    order(sid, 'd'),
  ];
  const { outcomes } = await decideOrders(database, requests, options());
  t.same(outcomes.map(short), ['CONFIRMED', 'CONFIRMED', 'invalid', 'CONFIRMED', 'CONFIRMED']);
  t.match(await auditStock(mysql, sid), { sale: 5, live: 5 });
});

t.test('data that the database refuses is halved down to its orders', async (t) => {
  const sid = await createTestStock(mysql, { count: 20 });
  const requests = Array.from({ length: 9 }, (_, i) =>
    order(sid, `n${i}`, i === 6 ? 'x'.repeat(256) : i === 1 ? 'jürgen' : `b${i}`),
  );
  const { outcomes } = await decideOrders(database, requests, options());
  t.same(
    outcomes.map(short),
    requests.map((_, i) => (i === 6 || i === 1 ? 'invalid' : 'CONFIRMED')),
  );
  t.same(
    outcomes.map(({ orderNo }) => orderNo),
    requests.map(({ orderNo }) => orderNo),
    'in the sequence of the batch',
  );
  t.match(await auditStock(mysql, sid), { sale: 7, live: 7 });
});

t.test('after an unknown COMMIT the batch runs again and finds its rows', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  let commits = 0;
  const unsure: Database = {
    ...database,
    async transaction(work) {
      const result = await database.transaction(work);
      commits += 1;
      if (commits === 1) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      return result;
    },
  };
  const { outcomes } = await decideOrders(unsure, [order(sid, 'a', 'ann'), order(sid, 'b', 'bob')], options());
  t.equal(commits, 2);
  t.same(outcomes.map(short), ['CONFIRMED', 'SOLD_OUT']);
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1, states: { awaiting_payment: 1, sold_out: 1 } });
});

t.test('after a lock time-out the batch runs again, and nothing is committed in part', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  const holder = await mysql.transaction();
  await holder.raw('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);
  const errors: unknown[] = [];
  const beforeTry = async (_tries: number, error: unknown) => {
    if (error) errors.push(error);
    if (errors.length === 2) await holder.rollback();
  };
  const { outcomes } = await decideOrders(database, [order(sid, 'a', 'ann')], options({ beforeTry }));
  t.same(outcomes.map(short), ['CONFIRMED']);
  t.ok(errors.length >= 2, 'several tries');
  t.match(await auditStock(mysql, sid), { sale: 1, live: 1, version: 1 });
});

t.test('beforeTry can end the tries, and nothing is written', async (t) => {
  const sid = await createTestStock(mysql);
  const broken: Database = { ...database, transaction: () => Promise.reject(new Error('no connection')) };
  const beforeTry = (tries: number, error: unknown) => {
    if (tries === 2) throw new Error('given up', { cause: error });
  };
  await t.rejects(decideOrders(broken, [order(sid, 'a')], options({ beforeTry })), {
    message: 'given up',
    cause: { message: 'no connection' },
  });
});
