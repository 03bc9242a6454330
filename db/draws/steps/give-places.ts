import assert from 'node:assert/strict';
import type { DrawOutcome } from '../../../proto/draws/order-entries.ts';
import type { Database, Session } from '../../mysql/database.ts';
import { insertDrawEvent } from '../draw-event-table.ts';
import type { Draw } from '../draw-table.ts';
import { ClaimLostError, type DrawClaim } from './claim-draw.ts';
import { readAllIds } from './read-all-ids.ts';

const READ_PAGE = 5000;
const WRITE_PAGE = 2000;
/** Pages that are written at the same time: one waits for the disk while the other one is worked on. */
const WRITERS = 2;
const ID_BYTES = 32;
const KEEP_EVERY_MS = 5000;

export type GivePlacesOptions = {
  /** The function of the protocol, which takes seconds for a million ids, where it holds up nothing else. */
  orderEntries(ids: Uint8Array, outcome: DrawOutcome): Promise<Uint32Array>;
  /** How often the claim is kept meanwhile. Default: 5000. */
  keepEveryMs?: number;
  /** Entries read at once. */
  readPage?: number | undefined;
  /** Places written at once. */
  writePage?: number | undefined;
};

/**
 * Writes the places of a stated draw, whose beacon is known, and ends it. It may be stopped and run again at any time: the places follow from what
 * was stated, so a second run writes the same ones.
 */
export async function givePlaces(
  database: Database,
  claim: DrawClaim,
  draw: Draw,
  { orderEntries, keepEveryMs = KEEP_EVERY_MS, readPage = READ_PAGE, writePage = WRITE_PAGE }: GivePlacesOptions,
): Promise<void> {
  const { sid, attempt, drawId, seed, root, randomness, entryCount } = draw;
  assert(seed && root && entryCount !== null, 'the draw is stated');
  assert(draw.beaconRound === null || randomness, 'the beacon is known');
  const ids = await collectIds(database, claim, draw, readPage);
  const ordering = orderEntries(ids, { drawId, seed, root, randomness });
  const sequence = await keepWhile(claim, ordering, keepEveryMs);
  assert(sequence.length === entryCount, 'every entry has a place');
  const places = placesOf(sequence);
  let next = 0;
  const writePages = async () => {
    while (next < entryCount) {
      const from = next;
      next += writePage;
      await claim.keep();
      const page = { from, to: Math.min(from + writePage, entryCount) };
      await database.session((session) => writePlaces(session, draw, ids, places, page));
    }
  };
  const writers = await Promise.allSettled(Array.from({ length: WRITERS }, writePages));
  for (const writer of writers) if (writer.status === 'rejected') throw writer.reason;
  await database.transaction(async (transaction) => {
    const changed = await transaction.change(
      `UPDATE draw SET state = 'drawn', drawn_at = NOW(3), last_place = entry_count
       WHERE sid = ? AND attempt = ? AND state = 'stated' AND claimed_until = ?`,
      [sid, attempt, claim.claimedUntil()],
    );
    if (changed !== 1) throw new ClaimLostError(`draw ${sid}/${attempt} is not this worker's`);
    await insertDrawEvent(transaction, draw, 'drawn');
  });
}

/** Settles like `work`, and rejects after it when the claim was lost meanwhile. */
async function keepWhile<T>(claim: DrawClaim, work: Promise<T>, everyMs: number): Promise<T> {
  let keeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    keeping = keeping.then(() => claim.keep());
    // Read below, when the work has ended.
    keeping.catch(() => {});
  }, everyMs);
  try {
    const result = await work;
    await keeping;
    return result;
  } finally {
    clearInterval(timer);
  }
}

async function collectIds(database: Database, claim: DrawClaim, draw: Draw, limit: number): Promise<Uint8Array> {
  const { sid, attempt, entryCount } = draw;
  const ids = new Uint8Array((entryCount ?? 0) * ID_BYTES);
  let at = 0;
  await readAllIds(database, claim, { sid, attempt, entryCount, limit }, (page) => {
    for (const id of page) {
      assert(at < ids.length, 'the entries are those of the statement');
      ids.set(id, at);
      at += ID_BYTES;
    }
  });
  assert(at === ids.length, 'the entries are those of the statement');
  return ids;
}

/** The place of each id. */
function placesOf(sequence: Uint32Array): Uint32Array {
  const places = new Uint32Array(sequence.length);
  for (const [i, index] of sequence.entries()) places[index] = i + 1;
  return places;
}

/** Writes the places of a range of ids: in their sequence the rows lie together, and the index of places fits into memory. */
async function writePlaces(
  session: Session,
  { sid, attempt }: Draw,
  ids: Uint8Array,
  places: Uint32Array,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const text = Buffer.from(ids.buffer, ids.byteOffset + from * ID_BYTES, (to - from) * ID_BYTES).toString('hex');
  const pairs = Array.from(places.subarray(from, to), (place, i) => [
    text.slice(2 * ID_BYTES * i, 2 * ID_BYTES * (i + 1)),
    place,
  ]);
  await session.change(
    `UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(64) PATH '$[0]', place BIGINT PATH '$[1]')) p
       STRAIGHT_JOIN entry e ON e.sid = ? AND e.entry_id = UNHEX(p.id) SET e.place = p.place WHERE e.attempt = ?`,
    [JSON.stringify(pairs), sid, attempt],
  );
}
