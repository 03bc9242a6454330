import type { Session } from '../mysql/database.ts';

/** Of a row of `draw`. `taking`: entries may come, in their window. `void`: no statement in time; the next attempt has the entries. */
export type DrawState = 'taking' | 'closed' | 'stated' | 'drawn' | 'void';

export type StockMode = 'rush' | 'draw' | 'line';

/** One attempt at the draw of a stock. Times are milliseconds since 1970 (UTC). */
export type Draw = {
  sid: number;
  mode: StockMode;
  /** The stock's window has ended. */
  isSaleClosed: boolean;
  attempt: number;
  drawId: Uint8Array;
  /** The bytes of the published rules. */
  rules: Uint8Array;
  state: DrawState;
  entriesOpenAtMs: number;
  entriesCloseAtMs: number;
  /** Leaves of the tree. Null: not stated. */
  entryCount: number | null;
  root: Uint8Array | null;
  /** Null: not stated. It is secret until then, and what reads it then is readSeed. */
  seed: Uint8Array | null;
  /** The signature. */
  statement: Uint8Array | null;
  statedAtMs: number | null;
  /** Null: no beacon. */
  beaconRound: number | null;
  randomness: Uint8Array | null;
  beaconSignature: Uint8Array | null;
  drawnAtMs: number | null;
  /** The highest place that was given. */
  lastPlace: number;
  /** Entries up to this place had their turn. */
  offeredPlace: number;
  voidReason: string | null;
  /** When the line ended. */
  endedAtMs: number | null;
  /** The database's clock at the read. */
  readAtMs: number;
};

type DrawRow = Omit<
  Draw,
  'isSaleClosed' | 'entriesOpenAtMs' | 'entriesCloseAtMs' | 'statedAtMs' | 'drawnAtMs' | 'endedAtMs' | 'readAtMs'
> & {
  isSaleClosed: number;
  entriesOpenAt: Date;
  entriesCloseAt: Date;
  statedAt: Date | null;
  drawnAt: Date | null;
  endedAt: Date | null;
  readAt: Date;
};

const COLUMNS = `d.sid, s.mode, COALESCE(s.closes_at <= NOW(3), FALSE) AS isSaleClosed, d.attempt, d.draw_id AS drawId, d.rules, d.state, d.entries_open_at AS entriesOpenAt,
  d.entries_close_at AS entriesCloseAt, d.entry_count AS entryCount, d.root, IF(d.stated_at IS NULL, NULL, d.seed) AS seed, d.statement,
  d.stated_at AS statedAt, d.beacon_round AS beaconRound, d.randomness, d.beacon_signature AS beaconSignature, d.drawn_at AS drawnAt,
  d.last_place AS lastPlace, d.offered_place AS offeredPlace, d.void_reason AS voidReason, d.ended_at AS endedAt, NOW(3) AS readAt`;

function toDraw(row: DrawRow): Draw {
  const { isSaleClosed, entriesOpenAt, entriesCloseAt, statedAt, drawnAt, endedAt, readAt, ...rest } = row;
  return {
    ...rest,
    isSaleClosed: isSaleClosed === 1,
    entriesOpenAtMs: entriesOpenAt.getTime(),
    entriesCloseAtMs: entriesCloseAt.getTime(),
    statedAtMs: statedAt?.getTime() ?? null,
    drawnAtMs: drawnAt?.getTime() ?? null,
    endedAtMs: endedAt?.getTime() ?? null,
    readAtMs: readAt.getTime(),
  };
}

/** All attempts, by stock and attempt: the last one of a stock is the one that counts. */
export async function readDraws(session: Session, sids: number[]): Promise<Draw[]> {
  if (sids.length === 0) return [];
  const sql = `SELECT ${COLUMNS} FROM draw d JOIN stock s ON s.id = d.sid WHERE d.sid IN (?) ORDER BY d.sid, d.attempt`;
  return (await session.rows<DrawRow>(sql, [sids])).map(toDraw);
}

/** The attempt that counts. */
export async function readLatestDraw(session: Session, sid: number): Promise<Draw | undefined> {
  const sql = `SELECT ${COLUMNS} FROM draw d JOIN stock s ON s.id = d.sid WHERE d.sid = ? ORDER BY d.attempt DESC LIMIT 1`;
  return (await session.rows<DrawRow>(sql, [sid])).map(toDraw)[0];
}

/** What a change of entries must know of the draw's row that it has locked. */
export type HeldDraw = {
  state: DrawState;
  isOpened: boolean;
  /** The time to close has come, whether a worker has closed it or not. */
  isDue: boolean;
  /** The line has ended. */
  isEnded: boolean;
  lastPlace: number;
  readAtMs: number;
};

/**
 * Locks the row of the draw. `share`: entries are taken beside each other, and closing waits for their transactions. `update`: one transaction
 * after another gives places. No other table is named: the placer locks the stock first and this row after it.
 */
export async function lockDraw(
  session: Session,
  { sid, attempt }: Pick<Draw, 'sid' | 'attempt'>,
  lock: 'share' | 'update',
): Promise<HeldDraw> {
  const [row] = await session.rows<{
    state: DrawState;
    isOpened: number;
    isDue: number;
    isEnded: number;
    lastPlace: number;
    readAt: Date;
  }>(
    `SELECT state, entries_open_at <= NOW(3) AS isOpened, entries_close_at <= NOW(3) AS isDue, ended_at IS NOT NULL AS isEnded,
       last_place AS lastPlace, NOW(3) AS readAt
     FROM draw WHERE sid = ? AND attempt = ? ${lock === 'share' ? 'LOCK IN SHARE MODE' : 'FOR UPDATE'}`,
    [sid, attempt],
  );
  if (!row) throw new Error(`no draw ${sid}/${attempt}`);
  const { state, lastPlace, readAt } = row;
  const [isOpened, isDue, isEnded] = [row.isOpened === 1, row.isDue === 1, row.isEnded === 1];
  return { state, isOpened, isDue, isEnded, lastPlace, readAtMs: readAt.getTime() };
}
