import t from 'tap';
import { createTestDraw, TEST_DRAW_KEY } from '../../ci/testing/draws/create-test-draw.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { waitForStatements } from '../../ci/testing/wait-for-statements.ts';
import { entryIdOf } from '../../proto/draws/entry-id-of.ts';
import { publicKeyOf } from '../../proto/draws/sign-draw.ts';
import { isTicket } from '../../proto/draws/statement.ts';
import { createDatabase, type Database } from '../mysql/database.ts';
import { createDraw } from './create-draw.ts';
import { readDraws } from './draw-table.ts';
import { readEntries, readEntryIds, summarizeEntries } from './entry-table.ts';
import { eraseEntry } from './erase-entry.ts';
import { leaveEntry } from './leave-entry.ts';
import { DrawChangedError, type TakeEntriesOptions, takeEntries } from './take-entries.ts';

const { url, mysql } = await createTestDatabase(t);
// With the rights of the processes.
const database = createDatabase({ mysql: createPool(t, url), statementMs: 5000 });
const take = (keys: [sid: number, buyer: string][], options?: TakeEntriesOptions) =>
  takeEntries(
    database,
    TEST_DRAW_KEY,
    keys.map(([sid, buyer]) => ({ sid, buyer })),
    options,
  );
const outcomes = async (keys: [sid: number, buyer: string][], options?: TakeEntriesOptions) =>
  (await take(keys, options)).map(({ outcome }) => outcome);
const readDraw = async (sid: number) => {
  const draw = (await database.session((session) => readDraws(session, [sid]))).at(-1);
  if (!draw) throw new Error('no draw');
  return draw;
};
const readIds = async (sid: number, leftOnly = false) => {
  const { attempt, entryCount } = await readDraw(sid);
  const page = { sid, attempt, entryCount, afterId: null, limit: 1000, leftOnly };
  return database.session((session) => readEntryIds(session, page));
};

t.test('an entry has a proof of its own, and a repeat gets the same entry', async (t) => {
  const sid = await createTestDraw(mysql);
  const [taken] = await take([[sid, 'ann']]);
  const entry = taken?.entry;
  if (!entry) throw new Error('no entry');
  t.match(taken, { sid, buyer: 'ann', outcome: 'ENTERED', entry: { state: 'waiting', place: null, attempt: 1 } });
  const { drawId } = await readDraw(sid);
  t.same(entry.drawId, drawId);
  t.same(entry.entryId, Buffer.from(entryIdOf(drawId, 'ann', entry.salt)));
  t.ok(isTicket(publicKeyOf(TEST_DRAW_KEY), drawId, entry.entryId, entry.ticket ?? new Uint8Array()));
  const [again] = await take([[sid, 'ann']]);
  t.same(again, { sid, buyer: 'ann', outcome: 'KNOWN', entry });
  t.same(await database.session((session) => readEntries(session, [{ sid, buyer: 'ann' }], TEST_DRAW_KEY)), [entry]);
});

t.test('a batch has several stocks, and each entry once', async (t) => {
  const [one, two, none] = [await createTestDraw(mysql), await createTestDraw(mysql), await createTestStock(mysql)];
  t.same(
    await outcomes([
      [one, 'bob'],
      [two, 'ann'],
      [none, 'ann'],
      [one, 'ann'],
      [one, 'bob'],
      [2 ** 50, 'ann'],
    ]),
    ['ENTERED', 'ENTERED', 'NO_DRAW', 'ENTERED', 'ENTERED', 'NO_DRAW'],
  );
  t.equal((await readIds(one)).length, 2);
  t.match(await database.session((session) => summarizeEntries(session, one)), { waiting: 2, enteredLastMinute: 2 });
});

t.test('entries are taken in their window only', async (t) => {
  const now = Date.now();
  const early = await createTestDraw(mysql, { entriesOpenAtMs: now + 60_000 });
  t.same(await outcomes([[early, 'ann']]), ['NOT_OPEN']);
  const late = await createTestDraw(mysql, { entriesCloseAtMs: now - 1 });
  t.same(await outcomes([[late, 'ann']]), ['CLOSED'], 'also when no worker has closed it');
  const closed = await createTestDraw(mysql);
  await take([[closed, 'ann']]);
  await mysql.raw(`UPDATE draw SET state = 'closed' WHERE sid = ?`, [closed]);
  t.same(
    await outcomes([
      [closed, 'ann'],
      [closed, 'bob'],
    ]),
    ['KNOWN', 'CLOSED'],
  );
});

t.test(
  'who comes to a line between its closing and its draw comes again, and gets a place behind the draw',
  async (t) => {
    for (const mode of ['line', 'rush'] as const) {
      const sid = await createTestDraw(mysql, { mode });
      await take([[sid, 'ann']]);
      for (const change of ['entries_close_at = NOW(3)', `state = 'closed'`, `state = 'stated'`]) {
        await mysql.raw(`UPDATE draw SET ${change} WHERE sid = ?`, [sid]);
        t.same(await outcomes([[sid, 'bob']]), ['PENDING'], change);
        t.same(await outcomes([[sid, 'ann']]), ['KNOWN'], change);
      }
      await mysql.raw(`UPDATE draw SET state = 'drawn', last_place = 1 WHERE sid = ?`, [sid]);
      t.match(await take([[sid, 'bob']]), [{ outcome: 'ENTERED', entry: { place: 2 } }]);
      await mysql.raw(`UPDATE draw SET state = 'stated' WHERE sid = ?`, [sid]);
      await mysql.raw('UPDATE stock SET closes_at = NOW(3) WHERE id = ?', [sid]);
      t.same(await outcomes([[sid, 'eve']]), ['CLOSED'], 'it ends with the sale');
    }
  },
);

t.test('the same buyers at once get one entry each', async (t) => {
  const sid = await createTestDraw(mysql);
  const buyers = Array.from({ length: 50 }, (_, i) => `buyer-${i}`);
  const batches = [buyers, buyers.toReversed(), buyers.slice(10), buyers.slice(0, 40)];
  const taken = await Promise.all(batches.map((batch) => take(batch.map((buyer) => [sid, buyer]))));
  const entered = taken.flat().filter(({ outcome }) => outcome === 'ENTERED');
  t.equal(entered.length, 50);
  const ids = await readIds(sid);
  t.equal(ids.length, 50);
  const known = new Set(ids.map((id) => Buffer.from(id).toString('hex')));
  for (const { entry } of taken.flat()) t.ok(known.has(Buffer.from(entry?.entryId ?? []).toString('hex')));
});

t.test('closing waits for entries in the middle of their transaction', async (t) => {
  const sid = await createTestDraw(mysql);
  const other = createDatabase({ mysql: createPool(t, url, 1), statementMs: 5000 });
  let closing: Promise<number> | undefined;
  // The transaction of an entry, stopped between its lock and its COMMIT by a row that another one holds.
  await other.transaction(async (transaction) => {
    await transaction.change(
      `INSERT INTO entry (sid, entry_id, attempt, buyer, salt) VALUES (?, REPEAT('a', 32), 1, 'ann', REPEAT('s', 32))`,
      [sid],
    );
    const taking = take([[sid, 'ann']]);
    await waitForStatements(mysql, 'INSERT INTO entry%', 1);
    closing = database.session((session) =>
      session.change(`UPDATE draw SET state = 'closed' WHERE sid = ? AND state = 'taking'`, [sid]),
    );
    await waitForStatements(mysql, "UPDATE draw SET state = 'closed'%", 1);
    t.same(await readDraw(sid).then(({ state }) => state), 'taking');
    void taking.then((taken) => t.match(taken, [{ outcome: /ENTERED|KNOWN/ }]));
    transaction.rollBack(null);
  });
  t.equal(await closing, 1);
  t.equal((await readIds(sid)).length, 1);
});

/** A database in which `change` runs before each transaction locks the row of the draw. */
function changingBeforeLock(change: () => Promise<unknown>): Database {
  return {
    ...database,
    transaction: (work) =>
      database.transaction((transaction) =>
        work({
          ...transaction,
          async rows<Row>(sql: string, values?: unknown[]) {
            if (sql.includes('LOCK IN SHARE MODE')) await change();
            return transaction.rows<Row>(sql, values);
          },
        }),
      ),
  };
}

t.test('a draw that closes, is stated and is drawn meanwhile refuses as a closed one does', async (t) => {
  const sid = await createTestDraw(mysql);
  const states = ['closed', 'stated', 'drawn'];
  const changing = changingBeforeLock(async () => {
    const state = states.shift();
    if (state) await mysql.raw('UPDATE draw SET state = ? WHERE sid = ?', [state, sid]);
  });
  const taken = await takeEntries(changing, TEST_DRAW_KEY, [{ sid, buyer: 'ann' }]);
  t.match(taken, [{ outcome: 'CLOSED', entry: null }]);
});

t.test('a line that is drawn meanwhile gives the next place', async (t) => {
  const sid = await createTestDraw(mysql, { mode: 'line' });
  const changing = changingBeforeLock(() =>
    mysql.raw(`UPDATE draw SET state = 'drawn', entry_count = 4, last_place = 4 WHERE sid = ?`, [sid]),
  );
  const taken = await takeEntries(changing, TEST_DRAW_KEY, [{ sid, buyer: 'ann' }]);
  t.match(taken, [{ outcome: 'ENTERED', entry: { place: 5 } }]);
});

t.test('a draw that changes in each try says that the call can be sent again', async (t) => {
  const sid = await createTestDraw(mysql, { mode: 'line' });
  let attempt = 1;
  const changing = changingBeforeLock(async () => {
    await mysql.raw(`UPDATE draw SET state = 'void' WHERE sid = ?`, [sid]);
    attempt += 1;
    const draw = { sid, attempt, count: 1, entriesOpenAtMs: Date.now() - 1000, entriesCloseAtMs: Date.now() + 60_000 };
    await database.session((session) => createDraw(session, { ...draw, beacon: null, drawKey: TEST_DRAW_KEY }));
  });
  await t.rejects(takeEntries(changing, TEST_DRAW_KEY, [{ sid, buyer: 'ann' }]), DrawChangedError);
  t.ok(attempt <= 10, 'it gives up');
  t.same(await outcomes([[sid, 'ann']]), ['ENTERED']);
});

t.test('who leaves before closing is in no draw, and may come again with another id', async (t) => {
  const sid = await createTestDraw(mysql);
  const [first] = await take([[sid, 'ann']]);
  t.match(await leaveEntry(database, sid, 'ann'), { outcome: 'LEFT', entry: { state: 'left', attempt: 0 } });
  t.match(await leaveEntry(database, sid, 'ann'), { outcome: 'LEFT' });
  t.match(await leaveEntry(database, sid, 'bob'), { outcome: 'NO_ENTRY', entry: null });
  t.same(await readIds(sid), []);
  const again = (await Promise.all([1, 2, 3].map(() => take([[sid, 'ann']])))).flat();
  t.same(again.map(({ outcome }) => outcome).sort(), ['ENTERED', 'KNOWN', 'KNOWN']);
  t.notSame(again[0]?.entry?.entryId, first?.entry?.entryId);
  t.same(await readIds(sid), [again[0]?.entry?.entryId]);
  await leaveEntry(database, sid, 'ann');
  await mysql.raw(`UPDATE draw SET state = 'closed' WHERE sid = ?`, [sid]);
  t.match(await take([[sid, 'ann']]), [{ outcome: 'CLOSED', entry: null }]);
});

t.test('who leaves after closing stays in the file and is passed over', async (t) => {
  const sid = await createTestDraw(mysql);
  const [ann] = await take([
    [sid, 'ann'],
    [sid, 'bob'],
  ]);
  await mysql.raw(`UPDATE draw SET state = 'closed' WHERE sid = ?`, [sid]);
  t.match(await leaveEntry(database, sid, 'ann'), { outcome: 'LEFT', entry: { attempt: 1 } });
  t.equal((await readIds(sid)).length, 2);
  t.same(await readIds(sid, true), [ann?.entry?.entryId]);
  t.match(await take([[sid, 'ann']]), [{ outcome: 'KNOWN', entry: { state: 'left' } }]);
  await mysql.raw(`UPDATE entry SET state = 'offered' WHERE sid = ? AND buyer = 'bob'`, [sid]);
  t.match(await leaveEntry(database, sid, 'bob'), { outcome: 'OFFERED', entry: { state: 'offered' } });
});

t.test('a line goes on behind its draw', async (t) => {
  const sid = await createTestDraw(mysql, { mode: 'line' });
  await take([[sid, 'ann']]);
  await mysql.raw('UPDATE entry SET place = 1 WHERE sid = ?', [sid]);
  await mysql.raw(`UPDATE draw SET state = 'drawn', entry_count = 1, last_place = 1 WHERE sid = ?`, [sid]);
  const later = (await Promise.all(['b', 'c', 'd', 'e'].map((buyer) => take([[sid, buyer]])))).flat();
  t.same(later.map(({ entry }) => entry?.place).sort(), [2, 3, 4, 5]);
  t.match(
    await take([
      [sid, 'g'],
      [sid, 'b'],
      [sid, 'f'],
    ]),
    [
      { outcome: 'ENTERED', entry: { place: 7, lastPlace: 7 } },
      { outcome: 'KNOWN' },
      { outcome: 'ENTERED', entry: { place: 6 } },
    ],
  );
  t.equal((await readDraw(sid)).lastPlace, 7);
  t.equal((await readIds(sid)).length, 1, 'only the entries of the draw are leaves');
  await mysql.raw('UPDATE stock SET closes_at = NOW(3) WHERE id = ?', [sid]);
  t.same(await outcomes([[sid, 'h']]), ['CLOSED'], 'it ends with the sale');
});

t.test('the database refuses a place that another entry of the draw has', async (t) => {
  const sid = await createTestDraw(mysql, { mode: 'line' });
  await take([
    [sid, 'ann'],
    [sid, 'bob'],
  ]);
  await t.rejects(mysql.raw('UPDATE entry SET place = 1 WHERE sid = ?', [sid]), /Duplicate entry/);
  await mysql.raw(`UPDATE entry SET place = IF(buyer = 'ann', 1, 2) WHERE sid = ?`, [sid]);
  await mysql.raw(`UPDATE draw SET state = 'drawn', entry_count = 2, last_place = 1 WHERE sid = ?`, [sid]);
  await t.rejects(take([[sid, 'cid']]), /Duplicate entry/, 'a joiner gets no place of an entry before');
  // The next line of a rush begins with 1.
  await mysql.raw(`UPDATE entry SET attempt = 2, place = 1 WHERE sid = ? AND buyer = 'bob'`, [sid]);
});

t.test('a draw gives no places to those who come later', async (t) => {
  const sid = await createTestDraw(mysql);
  await mysql.raw(`UPDATE draw SET state = 'drawn' WHERE sid = ?`, [sid]);
  t.same(await outcomes([[sid, 'ann']]), ['CLOSED']);
});

t.test('a line of a rush is opened by the first who joins', async (t) => {
  const sid = await createTestStock(mysql);
  let opened = 0;
  const openLine = async () => {
    opened += 1;
    const entriesCloseAtMs = Date.now() + 60_000;
    const draw = { sid, count: 1, entriesOpenAtMs: Date.now() - 1000, entriesCloseAtMs, beacon: null };
    await database.session((session) => createDraw(session, { ...draw, drawKey: TEST_DRAW_KEY }));
    return true;
  };
  t.same(await outcomes([[sid, 'ann']], { openLine: async () => false }), ['NO_DRAW']);
  t.same(await outcomes([[sid, 'ann']], { openLine }), ['ENTERED']);
  t.same(await outcomes([[sid, 'ann']], { openLine }), ['KNOWN']);
  t.equal(opened, 1);
  await mysql.raw(`UPDATE draw SET state = 'drawn', ended_at = NOW(3) WHERE sid = ?`, [sid]);
  t.match(await take([[sid, 'ann']], { openLine }), [{ outcome: 'KNOWN' }], 'her turn was once');
  t.same(await outcomes([[sid, 'bob']], { openLine: async () => false }), ['NO_DRAW']);
});

t.test('an entry of an earlier attempt keeps the draw of its id, and its ticket proves it', async (t) => {
  const next = (sid: number, state: 'taking' | 'closed') => {
    const draw = { sid, attempt: 2, count: 1, entriesOpenAtMs: Date.now() - 1000, beacon: null, state };
    const drawKey = TEST_DRAW_KEY;
    return database.session((session) =>
      createDraw(session, { ...draw, entriesCloseAtMs: Date.now() + 60_000, drawKey }),
    );
  };
  for (const [state, change] of [
    ['taking', `state = 'drawn', ended_at = NOW(3), offered_place = 1, last_place = 1`],
    ['closed', `state = 'void'`],
  ] as const) {
    const sid = await createTestDraw(mysql, { mode: 'rush' });
    await take([[sid, 'ann']]);
    const { drawId } = await readDraw(sid);
    await mysql.raw(`UPDATE draw SET ${change} WHERE sid = ?`, [sid]);
    await next(sid, state);
    const [ann, bob] = await take([
      [sid, 'ann'],
      [sid, 'bob'],
    ]);
    t.match(bob?.outcome, state === 'taking' ? 'ENTERED' : 'PENDING');
    const entry = ann?.entry;
    if (!entry?.ticket) throw new Error('no ticket');
    t.match(ann, { outcome: 'KNOWN', entry: { attempt: 1, drawId } });
    t.ok(isTicket(publicKeyOf(TEST_DRAW_KEY), drawId, entry.entryId, entry.ticket));
    t.same(await database.session((session) => readEntries(session, [{ sid, buyer: 'ann' }], TEST_DRAW_KEY)), [entry]);
  }
});

t.test('where no line opens, only those without an entry are refused', async (t) => {
  const sid = await createTestDraw(mysql, { mode: 'rush' });
  await take([[sid, 'ann']]);
  await mysql.raw(`UPDATE draw SET state = 'drawn', ended_at = NOW(3) WHERE sid = ?`, [sid]);
  const both: [number, string][] = [
    [sid, 'ann'],
    [sid, 'bob'],
  ];
  t.same(await outcomes(both, { openLine: async () => false }), ['KNOWN', 'NO_DRAW']);
  t.same(await outcomes(both), ['KNOWN', 'NO_DRAW']);
});

t.test('an erased entry has no buyer and no salt', async (t) => {
  const sid = await createTestDraw(mysql);
  await take(['ann', 'bob', 'eve'].map((buyer) => [sid, buyer]));
  t.equal(await eraseEntry(database, sid, 'ann'), 'ERASED');
  t.equal(await eraseEntry(database, sid, 'ann'), 'NO_ENTRY');
  t.equal((await readIds(sid)).length, 2, 'before closing it is in no draw');
  t.same(await outcomes([[sid, 'ann']]), ['ENTERED'], 'and the buyer may come again');
  await mysql.raw(`UPDATE draw SET state = 'closed' WHERE sid = ?`, [sid]);
  await mysql.raw(`UPDATE entry SET state = 'offered' WHERE sid = ? AND buyer = 'bob'`, [sid]);
  t.equal(await eraseEntry(database, sid, 'eve'), 'ERASED');
  t.equal(await eraseEntry(database, sid, 'bob'), 'OFFERED');
  t.equal((await readIds(sid)).length, 3, 'after closing the id stays');
  t.equal((await readIds(sid, true)).length, 1);
  const [rows] = await mysql.raw('SELECT buyer, salt FROM entry WHERE sid = ? AND buyer IS NULL', [sid]);
  t.same(rows, [
    { buyer: null, salt: null },
    { buyer: null, salt: null },
  ]);
});
