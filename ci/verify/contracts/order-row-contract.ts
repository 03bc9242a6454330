import { type DatabaseTest, errno, RETURN, TAKE } from './contract-database.ts';

const INSERT = 'INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by) VALUES ?';
const row = (no: string, sid: number, buyer: string, state = 'awaiting_payment') => {
  return [`${sid}-${no}`, sid, buyer, 'A lamp', state, 100, 'log'];
};

/** Keys, constraints and SQL of the stock and its orders. */
export function orderRowContract(test: DatabaseTest): void {
  test('IF chooses by a parameter', async (t, _db, [first], sid) => {
    const change =
      'UPDATE stock SET version = IF(?, version + 1, version), units_changed_at = IF(?, NOW(3), units_changed_at) WHERE id = ?';
    const read = async () => (await first.query('SELECT version, units_changed_at FROM stock WHERE id = ?', [sid]))[0];
    await first.query(change, [true, false, sid]);
    t.match(await read(), { version: 1, units_changed_at: null });
    await first.query(change, [false, true, sid]);
    t.match(await read(), { version: 1, units_changed_at: Date });
  });

  test('a lock wait timeout ends the statement, not the transaction', async (t, _db, [first, second], sid) => {
    await first.query('BEGIN');
    await first.query(RETURN, [sid]);
    await second.query('BEGIN');
    await second.query(INSERT, [[row('a', sid, 'ann', 'sold_out')]]);
    t.equal(await errno(second.query(RETURN, [sid])), 1205);
    await second.query('COMMIT');
    await first.query('ROLLBACK');
    const rows = await first.query('SELECT order_no FROM stock_order WHERE order_no IN (?)', [[`${sid}-a`]]);
    t.equal(rows.length, 1);
  });

  test('INSERT refuses a committed key and waits for an uncommitted one', async (t, _db, [first, second], sid) => {
    await first.query('BEGIN');
    await first.query(INSERT, [[row('a', sid, 'ann')]]);
    const insertion = errno(second.query(INSERT, [[row('a', sid, 'bob')]]));
    for (let i = 0; i < 3; i += 1) await first.query('SELECT sale FROM stock WHERE id = ?', [sid]);
    await first.query('ROLLBACK');
    t.equal(await insertion, 0, 'the other INSERT was rolled back');
    t.equal(await errno(first.query(INSERT, [[row('a', sid, 'kim')]])), 1062);
  });

  test('a buyer has one active order per stock', async (t, _db, [first, second], sid) => {
    await first.query(INSERT, [[row('a', sid, 'ann')]]);
    t.equal(await errno(first.query(INSERT, [[row('b', sid, 'ann')]])), 1062);
    t.equal(await errno(first.query(INSERT, [[row('c', sid, 'Ann'), row('d', sid, 'ann', 'duplicate')]])), 0);
    await first.query('BEGIN');
    await first.query('UPDATE stock_order SET state = ? WHERE order_no = ?', ['expired', `${sid}-a`]);
    const waiting = errno(second.query(INSERT, [[row('e', sid, 'ann')]]));
    for (let i = 0; i < 3; i += 1) await first.query('SELECT sale FROM stock WHERE id = ?', [sid]);
    await first.query('COMMIT');
    t.equal(await waiting, 0, 'after the COMMIT');
  });

  test('INSERT inserts all rows or none; INSERT IGNORE skips duplicates', async (t, _db, [first], sid) => {
    await first.query(INSERT, [[row('b', sid, 'bob')]]);
    const rows = [row('a', sid, 'ann'), row('b', sid, 'bob'), row('c', sid, 'kim')];
    t.equal(await errno(first.query(INSERT, [rows])), 1062);
    const count = async () =>
      (
        await first.query('SELECT order_no FROM stock_order WHERE sid = ? AND buyer IN (?) AND live = 1', [
          sid,
          ['ann', 'kim'],
        ])
      ).length;
    t.equal(await count(), 0);
    t.equal((await first.query(INSERT.replace('INSERT', 'INSERT IGNORE'), [rows])).affectedRows, 2);
    t.equal(await count(), 2);
  });

  test('a stock cannot be oversold, and matching rows count as affected', async (t, _db, [first], sid) => {
    t.ok(
      [4025, 3819].includes((await errno(first.query('UPDATE stock SET sale = sale + ? WHERE id = ?', [4, sid]))) ?? 0),
    );
    t.ok(
      [4025, 3819].includes((await errno(first.query('UPDATE stock SET sale = sale - ? WHERE id = ?', [1, sid]))) ?? 0),
    );
    t.equal((await first.query('UPDATE stock SET sale = sale + ? WHERE id = ?', [0, sid])).affectedRows, 1);
    t.equal((await first.query(TAKE, [4, sid, 0, 4])).affectedRows, 0);
  });

  test('SKIP LOCKED skips locked rows', async (t, _db, [first, second], sid) => {
    await first.query(INSERT, [[row('a', sid, 'ann'), row('b', sid, 'bob')]]);
    const numbers = [[`${sid}-a`, `${sid}-b`]];
    await first.query('BEGIN');
    await first.query('SELECT order_no FROM stock_order WHERE order_no IN (?) FOR UPDATE', [[`${sid}-a`]]);
    await second.query('BEGIN');
    const rows = await second.query(
      'SELECT order_no FROM stock_order WHERE order_no IN (?) FOR UPDATE SKIP LOCKED',
      numbers,
    );
    t.same(
      rows.map((row) => row.order_no),
      [`${sid}-b`],
    );
    await first.query('COMMIT');
    await second.query('COMMIT');
  });
}
