import type { Knex } from 'knex';
import type { Test } from 'tap';
import { createDatabase } from '../../../db/mysql/database.ts';
import type { Pace } from '../../../db/mysql/repeat-transaction.ts';
import { cancelOrder } from '../../../db/orders/cancel-order.ts';
import { type DecidedOrder, isInvalidOrder } from '../../../db/orders/decide-batch.ts';
import { decideOrders } from '../../../db/orders/decide-orders.ts';
import { expireOrders } from '../../../db/orders/expire-orders.ts';
import { readOrders } from '../../../db/orders/order-table.ts';
import { recordPayment } from '../../../db/payments/record-payment.ts';
import { refundOrder } from '../../../db/payments/refund-order.ts';
import { startPayment } from '../../../db/payments/start-payment.ts';

type Rows = Record<string, unknown>[];

/** One connection, as mysql2 has it. A statement that fails rejects with `errno`. */
export type ContractConnection = {
  query(sql: string, values?: unknown[]): Promise<Rows & { affectedRows?: number }>;
  destroy(): void;
};

export type ContractDatabase = {
  mysql: Knex;
  /** A lock is waited for 1 s at most, and an idle connection is ended after `idleMs` (0: never). */
  connect(idleMs?: number): Promise<ContractConnection>;
  createTestStock(count: number): Promise<number>;
  pace: Pace;
  /** Lets time pass until the work is done. */
  drive<T>(work: () => Promise<T>): Promise<T>;
};

const TAKE =
  'UPDATE stock SET sale = sale + ?, version = version + 1 WHERE id = ? AND version = ? AND sale + ? <= count';
const RETURN = 'UPDATE stock SET version = version + 1 WHERE id = ?';
const ORDER = `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by) VALUES ?`;

/** What the order path relies on in its database, whichever it is. */
export function databaseContract(t: Test, open: (t: Test) => Promise<ContractDatabase>): void {
  function test(
    what: string,
    body: (t: Test, db: ContractDatabase, connections: ContractConnection[], sid: number) => Promise<void>,
  ): void {
    t.test(what, async (t) => {
      const db = await open(t);
      await db.drive(async () => {
        const connections = [await db.connect(), await db.connect()];
        await body(t, db, connections, await db.createTestStock(3));
        for (const one of connections) one.destroy();
      });
    });
  }
  const errno = (work: Promise<unknown>) =>
    work.then(
      () => 0,
      (error: { errno?: number }) => error.errno,
    );
  const row = (no: string, sid: number, buyer: string, state = 'awaiting_payment') => {
    return [`${sid}-${no}`, sid, buyer, 'A lamp', state, 100, 'log'];
  };
  type Pair = [ContractConnection, ContractConnection];

  test('what is not committed is seen by its own transaction only, and at the next statement once it is', async (t, _db, all, sid) => {
    const [one, two] = all as Pair;
    const read = async (by: ContractConnection) =>
      (await by.query('SELECT sale, version FROM stock WHERE id = ?', [sid]))[0];
    await two.query('BEGIN');
    t.match(await read(two), { sale: 0 });
    await one.query('BEGIN');
    t.equal((await one.query(TAKE, [2, sid, 0, 2])).affectedRows, 1);
    t.match(await read(one), { sale: 2, version: 1 });
    t.match(await read(two), { sale: 0, version: 0 });
    await one.query('COMMIT');
    t.match(await read(two), { sale: 2, version: 1 }, 'READ COMMITTED');
    await two.query('COMMIT');
  });

  test('IF chooses by a parameter', async (t, _db, all, sid) => {
    const [one] = all as Pair;
    const change =
      'UPDATE stock SET version = IF(?, version + 1, version), units_changed_at = IF(?, NOW(3), units_changed_at) WHERE id = ?';
    const read = async () => (await one.query('SELECT version, units_changed_at FROM stock WHERE id = ?', [sid]))[0];
    await one.query(change, [true, false, sid]);
    t.match(await read(), { version: 1, units_changed_at: null });
    await one.query(change, [false, true, sid]);
    t.match(await read(), { version: 1, units_changed_at: Date });
  });

  test('a changed row is locked to the end, and who waited looks at it anew', async (t, _db, all, sid) => {
    const [one, two] = all as Pair;
    const happened: string[] = [];
    await one.query('BEGIN');
    await one.query(TAKE, [1, sid, 0, 1]);
    const waiting = two.query(TAKE, [1, sid, 0, 1]).then(({ affectedRows }) => happened.push(`took ${affectedRows}`));
    for (let i = 0; i < 3; i += 1) await one.query('SELECT sale FROM stock WHERE id = ?', [sid]);
    happened.push('commits');
    await one.query('COMMIT');
    await waiting;
    t.same(happened, ['commits', 'took 0']);
  });

  test('a lock that does not come ends the statement, not the transaction', async (t, _db, all, sid) => {
    const [one, two] = all as Pair;
    await one.query('BEGIN');
    await one.query(RETURN, [sid]);
    await two.query('BEGIN');
    await two.query(ORDER, [[row('a', sid, 'ann', 'sold_out')]]);
    t.equal(await errno(two.query(RETURN, [sid])), 1205);
    await two.query('COMMIT');
    await one.query('ROLLBACK');
    const rows = await one.query('SELECT order_no FROM stock_order WHERE order_no IN (?)', [[`${sid}-a`]]);
    t.equal(rows.length, 1);
  });

  test('two that wait for each other: one is undone and hears 1213, the other goes on', async (t, db, all, sid) => {
    const [one, two] = all as Pair;
    const other = await db.createTestStock(3);
    await one.query('BEGIN');
    await two.query('BEGIN');
    await one.query(TAKE, [1, sid, 0, 1]);
    await two.query(TAKE, [1, other, 0, 1]);
    const ends = await Promise.all([errno(one.query(RETURN, [other])), errno(two.query(RETURN, [sid]))]);
    t.same(ends.toSorted(), [0, 1213]);
    const [winner, undone] = ends[0] === 0 ? [one, other] : [two, sid];
    await winner.query('COMMIT');
    const [left] = await one.query('SELECT sale, version FROM stock WHERE id = ?', [undone]);
    t.match(left, { sale: 0, version: 1 }, 'nothing is left of what was undone');
  });

  test('a key that is taken is refused; one that is being taken is waited for', async (t, _db, all, sid) => {
    const [one, two] = all as Pair;
    await one.query('BEGIN');
    await one.query(ORDER, [[row('a', sid, 'ann')]]);
    const second = errno(two.query(ORDER, [[row('a', sid, 'bob')]]));
    for (let i = 0; i < 3; i += 1) await one.query('SELECT sale FROM stock WHERE id = ?', [sid]);
    await one.query('ROLLBACK');
    t.equal(await second, 0, 'it was given up');
    t.equal(await errno(one.query(ORDER, [[row('a', sid, 'kim')]])), 1062);
  });

  test('a buyer has one live order of a stock', async (t, _db, all, sid) => {
    const [one, two] = all as Pair;
    await one.query(ORDER, [[row('a', sid, 'ann')]]);
    t.equal(await errno(one.query(ORDER, [[row('b', sid, 'ann')]])), 1062);
    t.equal(await errno(one.query(ORDER, [[row('c', sid, 'Ann'), row('d', sid, 'ann', 'duplicate')]])), 0);
    await one.query('BEGIN');
    await one.query('UPDATE stock_order SET state = ? WHERE order_no = ?', ['expired', `${sid}-a`]);
    const waiting = errno(two.query(ORDER, [[row('e', sid, 'ann')]]));
    for (let i = 0; i < 3; i += 1) await one.query('SELECT sale FROM stock WHERE id = ?', [sid]);
    await one.query('COMMIT');
    t.equal(await waiting, 0, 'once the other has ended');
  });

  test('an INSERT is done whole or not at all, with IGNORE in part', async (t, _db, all, sid) => {
    const [one] = all as Pair;
    await one.query(ORDER, [[row('b', sid, 'bob')]]);
    const rows = [row('a', sid, 'ann'), row('b', sid, 'bob'), row('c', sid, 'kim')];
    t.equal(await errno(one.query(ORDER, [rows])), 1062);
    const count = async () =>
      (
        await one.query('SELECT order_no FROM stock_order WHERE sid = ? AND buyer IN (?) AND live = 1', [
          sid,
          ['ann', 'kim'],
        ])
      ).length;
    t.equal(await count(), 0);
    t.equal((await one.query(ORDER.replace('INSERT', 'INSERT IGNORE'), [rows])).affectedRows, 2);
    t.equal(await count(), 2);
  });

  test('more than there is cannot be sold, and rows that match count as affected', async (t, _db, all, sid) => {
    const [one] = all as Pair;
    t.ok(
      [4025, 3819].includes((await errno(one.query('UPDATE stock SET sale = sale + ? WHERE id = ?', [4, sid]))) ?? 0),
    );
    t.ok(
      [4025, 3819].includes((await errno(one.query('UPDATE stock SET sale = sale - ? WHERE id = ?', [1, sid]))) ?? 0),
    );
    t.equal((await one.query('UPDATE stock SET sale = sale + ? WHERE id = ?', [0, sid])).affectedRows, 1);
    t.equal((await one.query(TAKE, [4, sid, 0, 4])).affectedRows, 0);
  });

  test('SKIP LOCKED leaves out what somebody holds', async (t, _db, all, sid) => {
    const [one, two] = all as Pair;
    await one.query(ORDER, [[row('a', sid, 'ann'), row('b', sid, 'bob')]]);
    const numbers = [[`${sid}-a`, `${sid}-b`]];
    await one.query('BEGIN');
    await one.query('SELECT order_no FROM stock_order WHERE order_no IN (?) FOR UPDATE', [[`${sid}-a`]]);
    await two.query('BEGIN');
    const rows = await two.query(
      'SELECT order_no FROM stock_order WHERE order_no IN (?) FOR UPDATE SKIP LOCKED',
      numbers,
    );
    t.same(
      rows.map((one) => one.order_no),
      [`${sid}-b`],
    );
    await one.query('COMMIT');
    await two.query('COMMIT');
  });

  test('BEGIN commits what was open; a connection that is gone takes it along', async (t, _db, all, sid) => {
    const [one, two] = all as Pair;
    await one.query('BEGIN');
    await one.query(TAKE, [1, sid, 0, 1]);
    await one.query('BEGIN');
    await one.query(TAKE, [1, sid, 1, 1]);
    one.destroy();
    // Waits for the lock of the one that is gone.
    await two.query(RETURN, [sid]);
    const [left] = await two.query('SELECT sale, version FROM stock WHERE id = ?', [sid]);
    t.match(left, { sale: 1, version: 2 });
  });

  test('a client that says nothing for too long loses its connection, its locks and its work', async (t, db, all, sid) => {
    const [one] = all as Pair;
    const frozen = await db.connect(1000);
    await frozen.query('BEGIN');
    await frozen.query(TAKE, [1, sid, 0, 1]);
    while ((await errno(one.query(RETURN, [sid]))) !== 0);
    const [left] = await one.query('SELECT sale, version FROM stock WHERE id = ?', [sid]);
    t.match(left, { sale: 0, version: 1 });
    t.equal(await errno(frozen.query('COMMIT')), undefined, 'an error without a number');
    frozen.destroy();
  });

  test("the product's own transactions come to the same end", async (t, { mysql, pace }, _all, sid) => {
    const database = createDatabase({ mysql, statementMs: 5000 });
    const wish = (no: string, buyer: string) => {
      return { orderNo: `${sid}-${no}`, sid, buyer, mintedAtMs: 1_800_000_000_000, partition: 1, offset: 5n };
    };
    const decide = async (wishes: ReturnType<typeof wish>[], payWithinMs: number) => {
      const options = { ...pace, decidedBy: 'log' as const, payWithinMs, beforeTry: () => undefined };
      const { outcomes, units } = await decideOrders(database, wishes, options);
      return {
        units,
        decisions: outcomes.map((one) => (isInvalidOrder(one) ? one.invalid : (one as DecidedOrder).decision)),
      };
    };
    const first = await decide([wish('a', 'ann'), wish('b', 'bob'), wish('c', 'ann')], 900_000);
    t.same(first.decisions, ['CONFIRMED', 'CONFIRMED', 'DUPLICATE']);
    t.same(first.units, [{ sid, count: 3, sale: 2, version: 1 }]);
    const second = await decide([wish('d', 'kim'), wish('b', 'bob'), wish('e', 'lea')], -1000);
    t.same(second.decisions, ['CONFIRMED', 'CONFIRMED', 'SOLD_OUT']);

    const started = await startPayment(database, `${sid}-a`, 'ann', pace);
    if (started.outcome !== 'STARTED') throw new Error(started.outcome);
    const event = { eventId: `e-${sid}`, ...started.payment };
    t.same(await recordPayment(database, event, pace), { outcome: 'PAID', repeatedEvent: false });
    t.same(await recordPayment(database, event, pace), { outcome: 'PAID', repeatedEvent: true });
    t.match(await cancelOrder(database, `${sid}-b`, 'bob', pace), { outcome: 'CHANGED', units: { sale: 2 } });
    const expired: number[] = [];
    const onError = (_sid: number, error: unknown) => t.fail(String(error));
    await expireOrders(database, { onExpired: ({ sale }) => expired.push(sale), onError });
    t.same(expired, [1]);
    t.match(await refundOrder(database, `${sid}-a`, 'broken', pace), { outcome: 'CHANGED', units: { sale: 0 } });
    const orders = await database.session((session) =>
      readOrders(
        session,
        ['a', 'b', 'c', 'd', 'e'].map((no) => `${sid}-${no}`),
      ),
    );
    t.same(
      orders.toSorted((a, b) => (a.orderNo < b.orderNo ? -1 : 1)).map(({ state, liveOrderNo }) => [state, liveOrderNo]),
      [
        ['refunded', null],
        ['cancelled', null],
        ['duplicate', `${sid}-a`],
        ['expired', null],
        ['sold_out', null],
      ],
    );
  });
}
