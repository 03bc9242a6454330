import assert from 'node:assert/strict';
import type { DrawKey } from '../draws/steps/claim-draw.ts';
import type { Session } from '../mysql/database.ts';

/** A waiting entry whose turn is next. */
export type NextEntry = { buyer: string; place: number };

/** Entries up to `offeredPlace` had their turn. */
type DrawTurns = DrawKey & { offeredPlace: number };

/** The draw whose entries have places. `lastPlace`: the highest place that was given. */
export type DrawnDraw = DrawTurns & { lastPlace: number };

/**
 * Without a lock: stocks with free units for entries that may wait, in their window, and lines of a rush in which no entry waits. Of a closed sale
 * no unit is offered, also one that returns; it is read for a day, in which a line whose draw is late can end. Once it opens again, it is
 * read again.
 */
export async function findStocksDue(session: Session, limit: number): Promise<number[]> {
  const rows = await session.rows<{ sid: number }>(
    `SELECT s.id AS sid FROM stock s FORCE INDEX (offers) STRAIGHT_JOIN draw d ON d.sid = s.id AND d.state = 'drawn' AND d.ended_at IS NULL
       AND ((s.mode = 'rush' AND d.offered_place >= d.last_place) OR (s.sale < s.count AND s.paused = 0
         AND d.offered_place < d.last_place AND (s.opens_at IS NULL OR s.opens_at <= NOW(3)) AND (s.closes_at IS NULL OR s.closes_at > NOW(3))))
     WHERE s.offers_only = 1 AND (s.closes_at IS NULL OR s.closes_at > NOW(3) - INTERVAL 1 DAY) AND s.resting IS NULL LIMIT ?`,
    [limit],
  );
  return rows.map(({ sid }) => sid);
}

/** Locks the draw. Who joins a line waits for this lock to get a place. */
export async function lockDrawnDraw(session: Session, sid: number): Promise<DrawnDraw | undefined> {
  const [draw] = await session.rows<DrawnDraw>(
    `SELECT sid, attempt, offered_place AS offeredPlace, last_place AS lastPlace FROM draw
     WHERE sid = ? AND state = 'drawn' AND ended_at IS NULL FOR UPDATE`,
    [sid],
  );
  return draw;
}

/** Locks the waiting entries with the lowest places that had no turn. */
export function lockNextEntries(
  session: Session,
  { sid, attempt, offeredPlace }: DrawTurns,
  limit: number,
): Promise<NextEntry[]> {
  return session.rows<NextEntry>(
    `SELECT buyer, place FROM entry FORCE INDEX (places) WHERE sid = ? AND attempt = ? AND place > ? AND state = 'waiting'
     ORDER BY place LIMIT ? FOR UPDATE`,
    [sid, attempt, offeredPlace, limit],
  );
}

export async function markOffered(
  session: Session,
  { sid, attempt }: DrawKey,
  offers: (NextEntry & { orderNo: string })[],
): Promise<void> {
  if (offers.length === 0) return;
  const others = ' UNION ALL SELECT ?, ?'.repeat(offers.length - 1);
  const changed = await session.change(
    `UPDATE (SELECT ? AS place, ? AS order_no${others}) offered STRAIGHT_JOIN entry e FORCE INDEX (places)
       ON e.place = offered.place AND e.sid = ? AND e.attempt = ?
     SET e.state = 'offered', e.order_no = offered.order_no, e.ended_at = NOW(3) WHERE e.state = 'waiting'`,
    [...offers.flatMap(({ place, orderNo }) => [place, orderNo]), sid, attempt],
  );
  assert.equal(changed, offers.length);
}

export async function markLeft(session: Session, { sid, attempt }: DrawKey, entries: NextEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const changed = await session.change(
    `UPDATE entry FORCE INDEX (places) SET state = 'left', ended_at = NOW(3)
     WHERE sid = ? AND attempt = ? AND place IN (?) AND state = 'waiting'`,
    [sid, attempt, entries.map(({ place }) => place)],
  );
  assert.equal(changed, entries.length);
}

export async function moveOfferedPlace(session: Session, turns: DrawTurns & { lineEnded: boolean }): Promise<void> {
  const { sid, attempt, offeredPlace, lineEnded } = turns;
  await session.change(
    'UPDATE draw SET offered_place = ?, ended_at = IF(?, NOW(3), NULL) WHERE sid = ? AND attempt = ?',
    [offeredPlace, lineEnded ? 1 : 0, sid, attempt],
  );
}
