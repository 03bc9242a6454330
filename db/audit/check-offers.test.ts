import { randomBytes } from 'node:crypto';
import t from 'tap';
import { createAuditedSale } from '../../ci/testing/orders/audited-sale.ts';
import { createDrawnStock } from '../../ci/testing/orders/create-drawn-stock.ts';
import { createOfferedStock, offerUnits } from '../../ci/testing/orders/create-offered-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { AUDIT_STATEMENT_MS } from './audit-rules.ts';
import { auditStock } from './audit-stock.ts';

const { mysql, database, run, audit, speaks, detailOf, sell } = await createAuditedSale(t);
const NAME = 'offers_by_place';

/** Audits, and calls `onLook` after each look for idle units. */
async function auditWith(sid: number, onLook: () => Promise<unknown>) {
  const result = await database.withStatementMs(AUDIT_STATEMENT_MS).session((session) => {
    const rows = async <Row>(sql: string, values?: unknown[]): Promise<Row[]> => {
      const found = await session.rows<Row>(sql, values);
      if (sql.includes('free_units')) await onLook();
      return found;
    };
    return auditStock({ ...session, rows }, sid);
  });
  return result?.checks.find(({ name }) => name === NAME);
}

t.test('a draw with an expired, a paid and an open offer passes every check', async (t) => {
  const sid = await createOfferedStock(mysql);
  await speaks(t, sid);
  const { checks } = await audit(sid);
  t.same(
    checks.filter(({ result }) => result === 'left_out').map(({ name, detail }) => [name, detail]),
    [['first_come_first_served', 'not checked: 1 units were returned']],
  );
  t.match(checks, [{ name: 'not_oversold', detail: '2 active orders, 2 sold, 2 units' }]);
  t.match(await detailOf(sid, 'inside_window'), /^3 of 3 units sold under the current window/);
  t.match(checks.at(-1), {
    name: NAME,
    detail:
      'each entry up to the offered place had its turn, and each offer names its order; each order of an offer has one entry; no unit is free while an entry waits for it',
  });
  await speaks(t, await createOfferedStock(mysql, { mode: 'line' }));
  await speaks(t, await createDrawnStock(mysql, [], { count: 5 }));
});

t.test('a stock without a draw has no such check', async (t) => {
  const { checks } = await audit(await sell());
  t.notOk(checks.some(({ name }) => name === NAME));
});

t.test('a rush whose line has ended passes, with orders without offers and the entries of its next line', async (t) => {
  const sid = await createDrawnStock(mysql, ['ann', 'bob'], { count: 4, mode: 'line' });
  await run(`UPDATE stock SET mode = 'rush' WHERE id = ?`, sid);
  await offerUnits(database);
  await sellUnits(mysql, sid, ['cid', 'dan']);
  await mysql.raw(
    `INSERT INTO draw (sid, attempt, draw_id, rules, seed, state, entries_open_at, entries_close_at) VALUES (?, 2, ?, '', ?, 'taking', NOW(3), NOW(3))`,
    [sid, randomBytes(32), randomBytes(32)],
  );
  for (const [attempt, state, buyer] of [
    [2, 'waiting', 'eve'],
    [0, 'left', 'fay'],
  ])
    await mysql.raw(`INSERT INTO entry (sid, entry_id, attempt, buyer, salt, state) VALUES (?, ?, ?, ?, '', ?)`, [
      sid,
      randomBytes(32),
      attempt ?? 0,
      buyer ?? '',
      state ?? '',
    ]);
  await speaks(t, sid);
  t.ok(await detailOf(sid, NAME));
});

const ofBuyer = (buyer: string) => `WHERE sid = ? AND buyer = '${buyer}'`;
const corruptions: Record<string, [sql: string, detail: RegExp]> = {
  'a place that was passed over': [
    'UPDATE draw SET offered_place = 5 WHERE sid = ?',
    /^passed over while it waited: 1 \(such as place 5\)$/,
  ],
  'an offer before its turn': [
    'UPDATE draw SET offered_place = 2 WHERE sid = ?',
    /^offered before its turn: 1 \(such as place 3\)$/,
  ],
  'an offer to an entry without a place': [
    `UPDATE entry SET place = NULL ${ofBuyer('cid')}`,
    /^offered before its turn: 1 \(such as entry [0-9A-F]{64}\)$/,
  ],
  'an offer without an order': [
    `UPDATE entry SET order_no = NULL ${ofBuyer('cid')}`,
    /^an offer without its order: 1 \(such as place 3\); the order of an offer that no entry names, or more than one: 1 /,
  ],
  'an offer to another buyer than that of the order': [
    `UPDATE entry SET buyer = 'zoe' ${ofBuyer('cid')}`,
    /^an offer with the order of another buyer or stock: 1 \(such as place 3\)$/,
  ],
  'an offer whose buyer was erased': [
    `UPDATE entry SET buyer = NULL ${ofBuyer('ann')}`,
    /^an offer with the order of another buyer or stock: 1 \(such as place 1\)$/,
  ],
  'an offer with an order of another stock': [
    `UPDATE stock_order SET sid = sid + 1000000 ${ofBuyer('ann')}`,
    /^an offer with the order of another buyer or stock: 1 \(such as place 1\)$/,
  ],
  'an offer with an order that was refused': [
    `UPDATE stock_order SET state = 'entry_required' ${ofBuyer('ann')}`,
    /^an offer with an order that was refused, or .*: 1 \(such as place 1\)$/,
  ],
  'an order that was confirmed without an offer': [
    `UPDATE stock_order SET decided_by = 'direct' ${ofBuyer('bob')}`,
    /^an offer with an order .* decided without an offer: 1 \(such as place 2\); confirmed without an offer, where units go to offers only: 1 /,
  ],
  'an order that two entries name': [
    `UPDATE entry e JOIN entry cid ON cid.sid = e.sid AND cid.buyer = 'cid' SET e.order_no = cid.order_no WHERE e.sid = ? AND e.buyer = 'dan'`,
    /^an order without an offer: 1 \(such as place 4\); the order of an offer that no entry names, or more than one: 1 /,
  ],
  'a unit that is not offered while the next entry waits': [
    'UPDATE stock SET count = count + 1 WHERE id = ?',
    /^1 units free while entries behind place 3 wait, at 2 looks 5 s apart: idle since \d{4}-.*Z \(is an order-worker with DRAW_KEY up\?\)$/,
  ],
};
for (const [what, [sql, detail]] of Object.entries(corruptions)) {
  t.test(`the audit sees ${what}`, async (t) => {
    const sid = await createOfferedStock(mysql);
    await run(sql, sid);
    const { ok, checks } = await audit(sid);
    t.equal(ok, false);
    const found = checks.find(({ name }) => name === NAME);
    t.equal(found?.result, 'broken');
    t.match(found?.detail, detail);
    await run('UPDATE stock SET paused = TRUE WHERE id = ?', sid);
  });
}

t.test('free units are not idle while no offer may go out', async (t) => {
  for (const change of [
    'UPDATE stock SET count = 3, paused = TRUE WHERE id = ?',
    'UPDATE stock SET count = 3, closes_at = NOW(3) WHERE id = ?',
    'UPDATE stock SET count = 3, opens_at = NOW(3) + INTERVAL 1 HOUR WHERE id = ?',
    `UPDATE stock SET count = 3, resting = 'open' WHERE id = ?`,
    `UPDATE stock s JOIN draw d ON d.sid = s.id SET s.count = 3, d.state = 'stated' WHERE s.id = ?`,
    `UPDATE stock s JOIN entry e ON e.sid = s.id SET s.count = 3, e.state = 'left' WHERE s.id = ? AND e.state = 'waiting'`,
  ]) {
    const sid = await createOfferedStock(mysql);
    await run(change, sid);
    let looks = 0;
    t.match(await auditWith(sid, async () => (looks += 1)), { result: 'holds', detail: /no unit is free/ }, change);
    t.equal(looks, 1, change);
  }
});

t.test('a unit that is offered between two looks is not idle', async (t) => {
  const sid = await createOfferedStock(mysql);
  await run('UPDATE stock SET count = count + 1 WHERE id = ?', sid);
  t.match(await auditWith(sid, () => offerUnits(database)), {
    result: 'holds',
    detail: /free units are being offered/,
  });
});

t.test('a unit that is free when another was offered between two looks is not idle', async (t) => {
  const sid = await createOfferedStock(mysql);
  // An entry waits at each look, however often the audit looks.
  for (const [i, buyer] of ['fay', 'gil', 'hal'].entries()) {
    await mysql.raw(`INSERT INTO entry (sid, entry_id, attempt, buyer, salt, place) VALUES (?, ?, 1, ?, '', ?)`, [
      ...[sid, randomBytes(32), buyer, 6 + i],
    ]);
  }
  await run('UPDATE draw SET last_place = 8 WHERE sid = ?', sid);
  await run('UPDATE stock SET count = count + 1 WHERE id = ?', sid);
  const found = await auditWith(sid, async () => {
    await offerUnits(database);
    await run('UPDATE stock SET count = count + 1 WHERE id = ?', sid);
  });
  t.match(found, { result: 'holds', detail: /free units are being offered/ });
});

t.test('a unit is idle when a stock changes all the time, and no entry has its turn', async (t) => {
  const sid = await createOfferedStock(mysql);
  await run('UPDATE stock SET count = count + 1 WHERE id = ?', sid);
  const found = await auditWith(sid, async () => run('UPDATE stock SET version = version + 1 WHERE id = ?', sid));
  t.match(found, { result: 'broken', detail: /at 3 looks/ });
});
