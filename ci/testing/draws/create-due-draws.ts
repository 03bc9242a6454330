import type { Knex } from 'knex';
import type { Test } from 'tap';
import { createDraw } from '../../../db/draws/create-draw.ts';
import { type Draw, readDraws } from '../../../db/draws/draw-table.ts';
import { readEntryIds } from '../../../db/draws/entry-table.ts';
import type { BeaconChain } from '../../../db/draws/plan-round.ts';
import { takeEntries } from '../../../db/draws/take-entries.ts';
import type { Database } from '../../../db/mysql/database.ts';
import { hashSeed, parseRules } from '../../../proto/draws/draw-rules.ts';
import { toHex } from '../../../proto/draws/hex.ts';
import { createMerkleTree } from '../../../proto/draws/merkle-tree.ts';
import { orderEntries } from '../../../proto/draws/order-entries.ts';
import { publicKeyOf } from '../../../proto/draws/sign-draw.ts';
import { isStatement } from '../../../proto/draws/statement.ts';
import { createTestDraw, TEST_DRAW_KEY } from './create-test-draw.ts';

export type DueDraw = {
  buyers?: number;
  /** How long ago its time to close was, once it is due. */
  agoMs?: number;
  beacon?: BeaconChain | null;
};

/** Draws of a test's database, from entering to their places. */
export function createDueDraws(mysql: Knex, database: Database) {
  return { createDueDraw, makeDue, readAttempts, readDraw, readLeaves, checkDrawn };

  /** A draw with entries of buyers 0 to `buyers` − 1, whose time to close is `agoMs` ago. */
  async function createDueDraw({ buyers = 23, agoMs = 1, beacon: chain = null }: DueDraw = {}): Promise<number> {
    const sid = await createTestDraw(mysql, { entriesCloseAtMs: Date.now() + 3_600_000 });
    await mysql.raw('DELETE FROM draw WHERE sid = ?', [sid]);
    const entriesCloseAtMs = Date.now() - agoMs;
    await database.session((session) =>
      createDraw(session, {
        sid,
        count: 3,
        entriesOpenAtMs: entriesCloseAtMs - 60_000,
        entriesCloseAtMs,
        beacon: chain,
        drawKey: TEST_DRAW_KEY,
      }),
    );
    // The rules stand. Only the row says that the time has not come yet.
    await mysql.raw('UPDATE draw SET entries_close_at = NOW(3) + INTERVAL 1 HOUR WHERE sid = ?', [sid]);
    const keys = Array.from({ length: buyers }, (_, i) => ({ sid, buyer: `buyer-${i}` }));
    await takeEntries(database, TEST_DRAW_KEY, keys);
    return sid;
  }

  async function makeDue(sid: number): Promise<void> {
    const { rules } = await readDraw(sid);
    const closeAt = new Date(parseRules(rules).entriesCloseAt);
    await mysql.raw('UPDATE draw SET entries_close_at = ? WHERE sid = ?', [closeAt, sid]);
  }

  async function readAttempts(sid: number): Promise<Draw[]> {
    return database.session((session) => readDraws(session, [sid]));
  }

  async function readDraw(sid: number): Promise<Draw> {
    return (await readAttempts(sid)).at(-1) as Draw;
  }

  async function readLeaves(draw: Draw): Promise<Uint8Array[]> {
    const { sid, attempt, entryCount } = draw;
    return database.session((session) =>
      readEntryIds(session, { sid, attempt, entryCount, afterId: null, limit: 10_000 }),
    );
  }

  /** What anybody can recompute from the ids and the statement. */
  async function checkDrawn(t: Test, sid: number, entries: number): Promise<Draw> {
    const draw = await readDraw(sid);
    const { drawId, seed, root, statement, entryCount } = draw;
    t.match(draw, { state: 'drawn', entryCount: entries, lastPlace: entries });
    if (!seed || !root || !statement || entryCount === null) throw new Error('not stated');
    const ids = await readLeaves(draw);
    t.equal(ids.length, entries);
    const tree = createMerkleTree();
    for (const id of ids) tree.add(id);
    t.same(Buffer.from(root), Buffer.from(tree.root()));
    const rules = parseRules(draw.rules);
    t.equal(rules.seedHash, toHex(hashSeed(seed)));
    t.ok(isStatement(publicKeyOf(TEST_DRAW_KEY), { drawId, entryCount, root, seed }, statement));
    const all = Buffer.concat(ids);
    const places = orderEntries(all, { drawId, seed, root, randomness: draw.randomness });
    const [rows] = await mysql.raw(
      'SELECT entry_id AS id FROM entry WHERE sid = ? AND place IS NOT NULL ORDER BY place',
      [sid],
    );
    t.same(
      rows.map(({ id }: { id: Buffer }) => id.toString('hex')),
      Array.from(places, (index) => Buffer.from(ids[index] ?? []).toString('hex')),
      'the places are those of the protocol',
    );
    const [events] = await mysql.raw('SELECT type FROM order_event WHERE order_no = ? ORDER BY type', [
      `${sid}/${draw.attempt}`,
    ]);
    t.same(
      events.map(({ type }: { type: string }) => type),
      ['stated', 'drawn'],
      'each has one event',
    );
    return draw;
  }
}
