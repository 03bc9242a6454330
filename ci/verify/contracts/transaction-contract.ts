import { createDatabase } from '../../../db/mysql/database.ts';
import { cancelOrder } from '../../../db/orders/cancel-order.ts';
import { confirmOrders } from '../../../db/orders/confirm-orders.ts';
import { type DecidedOrder, isInvalidOrder } from '../../../db/orders/decide-batch.ts';
import { decideOrders } from '../../../db/orders/decide-orders.ts';
import { expireOrders } from '../../../db/orders/expire-orders.ts';
import type { OrderEvent } from '../../../db/orders/order-event-table.ts';
import { readOrders } from '../../../db/orders/order-table.ts';
import { recordPayment } from '../../../db/payments/record-payments.ts';
import { refundOrder } from '../../../db/payments/refund-order.ts';
import { claimSessions, endSession } from '../../../db/payments/session-table.ts';
import { startPayment } from '../../../db/payments/start-payments.ts';
import { takeUnitsOfStocks } from '../../../db/stocks/take-units-of-stocks.ts';
import type { DatabaseTest } from './contract-database.ts';

/** The product's own transactions. */
export function transactionContract(test: DatabaseTest): void {
  test("the product's transactions give the same result", async (t, { mysql, pace }, [connection], sid) => {
    const database = createDatabase({ mysql, statementMs: 5000 });
    const request = (no: string, buyer: string) => {
      return { orderNo: `${sid}-${no}`, sid, buyer, mintedAtMs: 1_800_000_000_000, partition: 1, offset: 5n };
    };
    const decide = async (requests: ReturnType<typeof request>[], payWithinMs: number) => {
      const options = { ...pace, decidedBy: 'log' as const, payWithinMs, beforeTry: () => undefined };
      const { outcomes, units } = await decideOrders(database, requests, options);
      return {
        units,
        decisions: outcomes.map((outcome) =>
          isInvalidOrder(outcome) ? outcome.invalid : (outcome as DecidedOrder).decision,
        ),
      };
    };
    const first = await decide([request('a', 'ann'), request('b', 'bob'), request('c', 'ann')], 900_000);
    t.same(first.decisions, ['CONFIRMED', 'CONFIRMED', 'DUPLICATE']);
    t.same(first.units, [{ sid, count: 3, sale: 2, version: 1 }]);
    const second = await decide([request('d', 'kim'), request('b', 'bob'), request('e', 'lea')], -1000);
    t.same(second.decisions, ['CONFIRMED', 'CONFIRMED', 'SOLD_OUT']);

    const started = await startPayment(database, { orderNo: `${sid}-a`, buyer: 'ann' }, pace);
    if (started.outcome !== 'STARTED') throw new Error(started.outcome);
    const event = { eventId: `e-${sid}`, ...started.payment };
    t.same(await recordPayment(database, event, pace), { outcome: 'PAID', repeatedEvent: false });
    t.same(await recordPayment(database, event, pace), { outcome: 'PAID', repeatedEvent: true });
    t.match(await cancelOrder(database, `${sid}-b`, 'bob', pace), { outcome: 'CHANGED', units: { sale: 2 } });
    const expired: number[] = [];
    const onError = (_sid: number, error: unknown) => t.fail(String(error));
    const expire = () => expireOrders(database, { onExpired: ({ sale }) => expired.push(sale), onError });
    const columns = '(payment_id, order_no, amount_cents, currency, state, gateway, session_id, session_next_at)';
    const page = [`pay-${sid}`, `${sid}-d`, 1999, 'CNY', 'started', `g${sid}`, 's', new Date(0)];
    await connection.query(`INSERT INTO payment ${columns} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, page);
    await expire();
    t.same(expired, [], 'its payment page is open');
    const claim = () => database.transaction((session) => claimSessions(session, `g${sid}`, 10, 30));
    const [due, ...none] = [...(await claim()), ...(await claim())];
    t.match(
      [due, none],
      [{ paymentId: `pay-${sid}`, orderNo: `${sid}-d`, state: 'started', endedAt: null, tries: 0 }, []],
    );
    await database.session((session) => endSession(session, `pay-${sid}`));
    await expire();
    t.same(expired, [], 'it ended less than a minute ago');
    await connection.query('UPDATE payment SET session_ended_at = ? WHERE payment_id = ?', [new Date(0), `pay-${sid}`]);
    await database.session((session) => endSession(session, `pay-${sid}`));
    await expire();
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

  test('one call confirms all orders of a batch, or changes nothing', async (t, { mysql }, [connection], sid) => {
    const database = createDatabase({ mysql, statementMs: 5000 });
    const stampMs = Date.UTC(2026, 0, 1);
    const request = (no: string, buyer: string, more: { maxPriceCents?: number } = {}) => {
      const place = { partition: 1, offset: 5n, index: 2, appendedAtMs: stampMs + 1 };
      return { orderNo: `${sid}-${no}`, sid, buyer, mintedAtMs: stampMs, stampMs, ...place, ...more };
    };
    const confirmed: OrderEvent[] = [];
    const confirm = async (...requests: ReturnType<typeof request>[]) => {
      const mayBeKnown = () => false;
      const options = { decidedBy: 'log' as const, payWithinMs: 900_000, mayBeKnown };
      const result = await confirmOrders(database, requests, options);
      confirmed.push(...(result?.confirmed ?? []));
      return result?.units ?? null;
    };
    const change = (set: string, values: unknown[]) =>
      connection.query(`UPDATE stock SET ${set} WHERE id = ?`, [...values, sid]);
    t.same(await confirm(request('a', 'ann'), request('b', 'bob')), [{ sid, count: 3, sale: 2, version: 1 }]);
    const columns = 'state, price_cents, name, judged_at, minted_at, appended_at, log_offset, log_index';
    const sql = `SELECT ${columns} FROM stock_order WHERE order_no = ?`;
    const [row] = await connection.query(sql, [`${sid}-a`]);
    t.match(row, { state: 'awaiting_payment', price_cents: 1999, log_offset: 5, log_index: 2 });
    t.match(row, {
      judged_at: new Date(stampMs),
      minted_at: new Date(stampMs),
      appended_at: new Date(stampMs + 1),
    });
    t.equal(await confirm(request('c', 'cid'), request('d', 'dan')), null, 'too few units');
    t.equal(await confirm(request('b', 'kim')), null, 'a known number');
    t.equal(await confirm(request('e', 'ann')), null, 'a buyer with an active order');
    t.equal(await confirm(request('f', 'fay', { maxPriceCents: 1998 })), null, 'a price above the maximum');
    await change('opens_at = ?', [new Date(stampMs + 1)]);
    t.equal(await confirm(request('g', 'gil')), null, 'before the opening');
    await change('opens_at = ?, closes_at = ?', [new Date(stampMs), new Date(stampMs)]);
    t.equal(await confirm(request('g', 'gil')), null, 'after the end');
    await change('closes_at = ?, paused = ?', [null, 1]);
    t.equal(await confirm(request('g', 'gil')), null, 'paused');
    await change('paused = ?, price_cents = ?', [0, 0]);
    t.same(await confirm(request('g', 'gil')), [{ sid, count: 3, sale: 3, version: 2 }]);
    const numbers = ['a', 'b', 'g'].map((no) => `${sid}-${no}`);
    const rows = await connection.query('SELECT order_no, type FROM order_event WHERE order_no IN (?)', [numbers]);
    t.same(rows, [{ order_no: `${sid}-g`, type: 'paid' }], 'the log publishes what it confirms');
    t.same(
      confirmed.map(({ orderNo }) => orderNo),
      numbers,
    );
    const event = { type: 'confirmed', sid, buyer: 'ann', priceCents: 1999, currency: 'CNY', createdAtMs: stampMs };
    t.match(confirmed[0], event);
  });

  test('one statement checks the versions of several stocks', async (t, { mysql, createTestStock }, [first], sid) => {
    const database = createDatabase({ mysql, statementMs: 5000 });
    const sids = [sid, await createTestStock(5), await createTestStock(5)].toSorted((a, b) => a - b);
    const [one = 0, two = 0, three = 0] = sids;
    const take = (...stocks: [sid: number, version: number, units: number][]) =>
      database.transaction(async (transaction) => {
        const wanted = stocks.map(([id, version, units]) => ({ sid: id, version, units }));
        return (await takeUnitsOfStocks(transaction, wanted)) || transaction.rollBack(false);
      });
    const read = async () => {
      const rows = await first.query('SELECT sale, version FROM stock WHERE id IN (?) ORDER BY id', [sids]);
      return rows.map(({ sale, version }) => [sale, version]);
    };
    await first.query('BEGIN');
    await first.query('UPDATE stock SET version = version + 1 WHERE id = ?', [three]);
    t.equal(await take([one, 0, 2], [two, 0, 0]), true, 'a locked stock that is not named is not waited for');
    await first.query('COMMIT');
    t.equal(await take([one, 1, 0], [two, 1, 1], [three, 0, 1]), false, 'one version has changed');
    t.equal(await take([one, 1, 9], [two, 1, 1]), false, 'too few units of one');
    t.same(await read(), [
      [2, 1],
      [0, 1],
      [0, 1],
    ]);
  });
}
