import type { Knex } from 'knex';
import type { Test } from 'tap';
import { AUDIT_STATEMENT_MS } from '../../../db/audit/audit-rules.ts';
import { auditStock, type StockAudit } from '../../../db/audit/audit-stock.ts';
import type { Database } from '../../../db/mysql/database.ts';
import { decideOrders, type PendingOrder } from '../../../db/orders/decide-orders.ts';
import { keepOrderEvents } from '../../../db/orders/order-event-table.ts';
import type { DecidedBy } from '../../../db/orders/order-table.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { createTestDatabase } from '../servers/test-database.ts';
import { createTestStock } from './create-test-stock.ts';

const BUYERS = ['ann', 'bob', 'ann', 'cid', 'Bob', 'dan', 'eve'];

/** Changes the rows of a stock so that exactly the checks of `speaks` fail. */
export type Corruption = { corrupt: (sid: number) => Promise<unknown>; speaks: string[] };

/** Stocks whose orders were decided by the log, and their audit. */
export async function createAuditedSale(t: Test) {
  const { database, mysql } = await createTestDatabase(t);
  // The audit must find violations even if a failed migration has lost the database's own constraints.
  await mysql.raw('ALTER TABLE stock DROP CONSTRAINT stock_not_oversold');
  await mysql.raw('ALTER TABLE stock_order DROP INDEX one_live_order');

  const run = (sql: string, ...values: (string | number | null)[]) => mysql.raw(sql, values);

  async function audit(sid: number): Promise<StockAudit> {
    const result = await database.withStatementMs(AUDIT_STATEMENT_MS).session((session) => auditStock(session, sid));
    if (!result) throw new Error('no such stock');
    return result;
  }

  const breachesOf = ({ checks }: StockAudit) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

  /** Asserts that exactly these checks fail. */
  async function speaks(t: Test, sid: number, ...names: string[]): Promise<void> {
    const result = await audit(sid);
    t.same(breachesOf(result), names, JSON.stringify(result.checks.filter(({ ok }) => !ok)));
    t.equal(result.ok, names.length === 0);
  }

  async function detailOf(sid: number, name: string): Promise<string | undefined> {
    return (await audit(sid)).checks.find((check) => check.name === name)?.detail;
  }

  const decide = decider(database);

  /** A stock with orders of all buyers; with three units ann, bob and cid are confirmed, ann's second order is a duplicate. */
  async function sell(count = 3): Promise<number> {
    const sid = await createTestStock(mysql, { count });
    await decide(sid, BUYERS);
    return sid;
  }

  /** One test per corruption; the audit of another stock is not affected. */
  function testCorruptions(corruptions: Record<string, Corruption>): void {
    for (const [what, { corrupt, speaks: names }] of Object.entries(corruptions)) {
      t.test(`the audit sees ${what}`, async (t) => {
        const sid = await sell();
        const healthy = await sell();
        await speaks(t, sid);
        await corrupt(sid);
        await speaks(t, sid, ...names);
        await speaks(t, healthy);
      });
    }
  }

  return { mysql, database, run, audit, speaks, testCorruptions, detailOf, decide, sell, no, ...rowChanges(run) };
}

/** The order number of the buyer's first order of `sell`. */
const no = (sid: number, buyer: string) => `${sid}-${buyer}-${BUYERS.indexOf(buyer)}`;

type Run = (sql: string, ...values: (string | number | null)[]) => Knex.Raw;

function rowChanges(run: Run) {
  function addEvent(sid: number, buyer: string, type: string) {
    return run(
      'INSERT INTO order_event (order_no, type, sid, buyer, price_cents) VALUES (?, ?, ?, ?, 1999)',
      ...[no(sid, buyer), type, sid, buyer],
    );
  }

  async function pay(sid: number, buyer: string, state = 'paid'): Promise<void> {
    await run(
      `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state, paid_cents, paid_currency, paid_at, refunded_at)
       VALUES (?, ?, 1999, 'CNY', ?, 1999, 'CNY', NOW(3), CASE WHEN ? = 'refunded' THEN NOW(3) END)`,
      ...[`pay-${no(sid, buyer)}`, no(sid, buyer), state, state],
    );
    if (state !== 'paid') return;
    await run(`UPDATE stock_order SET state = 'paid', paid_at = NOW(3) WHERE order_no = ?`, no(sid, buyer));
    await addEvent(sid, buyer, 'paid');
  }

  /** Changes the rows like the transactions that return a unit. */
  async function giveBack(sid: number, buyer: string, state: 'expired' | 'cancelled' | 'refunded'): Promise<void> {
    const due = state === 'expired' ? ', pay_by = NOW(3)' : '';
    await run('UPDATE stock SET sale = sale - 1, version = version + 1 WHERE id = ?', sid);
    await run(`UPDATE stock_order SET state = ?, ended_at = NOW(3)${due} WHERE order_no = ?`, state, no(sid, buyer));
    if (state === 'refunded')
      await run(`UPDATE payment SET state = 'refund_due', next_try_at = NOW(3) WHERE order_no = ?`, no(sid, buyer));
    await addEvent(sid, buyer, state);
  }

  return { addEvent, pay, giveBack };
}

function decider(database: Database) {
  return async function decide(
    sid: number,
    buyers: string[],
    options: { by?: DecidedBy; from?: number } = {},
  ): Promise<void> {
    const { by = 'log', from = 0 } = options;
    const place = (i: number) =>
      by === 'log' ? { partition: partitionOf(sid), offset: BigInt(from + i) } : { partition: null, offset: null };
    const orders = buyers.map(
      (buyer, i): PendingOrder => ({
        orderNo: `${sid}-${buyer}-${from + i}`,
        sid,
        buyer,
        mintedAtMs: Date.now(),
        ...place(i),
      }),
    );
    const { confirmed } = await decideOrders(database, orders, {
      clock: realClock,
      random: Math.random,
      decidedBy: by,
      payWithinMs: 900_000,
      beforeTry: () => undefined,
    });
    // As if the event topic had not acknowledged them.
    await database.session((session) => keepOrderEvents(session, confirmed));
  };
}
