import { type ContractConnection, type DatabaseTest, errno, RETURN, TAKE } from './contract-database.ts';

/** Visibility, locks, deadlocks and lost connections. */
export function lockContract(test: DatabaseTest): void {
  test('changes are visible to others after COMMIT, at their next statement', async (t, _db, [first, second], sid) => {
    const read = async (by: ContractConnection) =>
      (await by.query('SELECT sale, version FROM stock WHERE id = ?', [sid]))[0];
    await second.query('BEGIN');
    t.match(await read(second), { sale: 0 });
    await first.query('BEGIN');
    t.equal((await first.query(TAKE, [2, sid, 0, 2])).affectedRows, 1);
    t.match(await read(first), { sale: 2, version: 1 });
    t.match(await read(second), { sale: 0, version: 0 });
    await first.query('COMMIT');
    t.match(await read(second), { sale: 2, version: 1 }, 'READ COMMITTED');
    await second.query('COMMIT');
  });

  test('a changed row is locked until COMMIT; a statement that waited reads it again', async (t, _db, [
    first,
    second,
  ], sid) => {
    const happened: string[] = [];
    await first.query('BEGIN');
    await first.query(TAKE, [1, sid, 0, 1]);
    const waiting = second
      .query(TAKE, [1, sid, 0, 1])
      .then(({ affectedRows }) => happened.push(`took ${affectedRows}`));
    for (let i = 0; i < 3; i += 1) await first.query('SELECT sale FROM stock WHERE id = ?', [sid]);
    happened.push('commits');
    await first.query('COMMIT');
    await waiting;
    t.same(happened, ['commits', 'took 0']);
  });

  test('in a deadlock one transaction is rolled back with error 1213, and the other continues', async (t, db, [
    first,
    second,
  ], sid) => {
    const other = await db.createTestStock(3);
    await first.query('BEGIN');
    await second.query('BEGIN');
    await first.query(TAKE, [1, sid, 0, 1]);
    await second.query(TAKE, [1, other, 0, 1]);
    const ends = await Promise.all([errno(first.query(RETURN, [other])), errno(second.query(RETURN, [sid]))]);
    t.same(ends.toSorted(), [0, 1213]);
    const [winner, rolledBack] = ends[0] === 0 ? [first, other] : [second, sid];
    await winner.query('COMMIT');
    const [left] = await first.query('SELECT sale, version FROM stock WHERE id = ?', [rolledBack]);
    t.match(left, { sale: 0, version: 1 }, 'the changes are rolled back');
  });

  test('BEGIN commits the open transaction; a closed connection rolls it back', async (t, _db, [
    first,
    second,
  ], sid) => {
    await first.query('BEGIN');
    await first.query(TAKE, [1, sid, 0, 1]);
    await first.query('BEGIN');
    await first.query(TAKE, [1, sid, 1, 1]);
    first.destroy();
    // Waits for the lock of the closed connection.
    await second.query(RETURN, [sid]);
    const [left] = await second.query('SELECT sale, version FROM stock WHERE id = ?', [sid]);
    t.match(left, { sale: 1, version: 2 });
  });

  test('an idle connection is closed and its transaction rolled back', async (t, db, [first], sid) => {
    const frozen = await db.connect(1000);
    await frozen.query('BEGIN');
    await frozen.query(TAKE, [1, sid, 0, 1]);
    while ((await errno(first.query(RETURN, [sid]))) !== 0);
    const [left] = await first.query('SELECT sale, version FROM stock WHERE id = ?', [sid]);
    t.match(left, { sale: 0, version: 1 });
    t.equal(await errno(frozen.query('COMMIT')), undefined, 'an error without a number');
    frozen.destroy();
  });
}
