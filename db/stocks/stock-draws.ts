import type { Session } from '../mysql/database.ts';

/** How long after the closing of entries a sale with a beacon opens at the earliest: the round that decides is published a minute before. */
export const OPENS_AFTER_CLOSING_MS = 17 * 60_000;

/** From when until when buyers may enter, milliseconds since 1970 (UTC). */
export type EntryTimes = { entriesOpenAtMs: number; entriesCloseAtMs: number };

/** How far the draw of a stock is. */
export type StockDraw = {
  hasBeacon: boolean;
  isDrawn: boolean;
  /** Entries with a place wait for their turn. */
  hasWaiting: boolean;
  isEnded: boolean;
};

/** `open`: buyers may join. `waiting`: buyers wait, and others may join. `ended`: the sale has closed. */
export const LINE_STATES = ['open', 'waiting', 'ended'] as const;
export type LineState = (typeof LINE_STATES)[number];

type Row = Record<'hasBeacon' | 'isDrawn' | 'hasWaiting' | 'isEnded', number> & {
  sid: number;
  entriesOpenAt: Date;
  entriesCloseAt: Date;
};

type WithDraw = { sid: number; mode: string; offersOnly: boolean; entryTimes?: EntryTimes; draw?: StockDraw };

/** Reads the draws of those stocks that have one. Costs nothing for a rush without a line. */
export async function addDraws<Stock extends WithDraw>(session: Session, stocks: Stock[]): Promise<Stock[]> {
  const sids = stocks.filter(({ mode, offersOnly }) => mode !== 'rush' || offersOnly).map(({ sid }) => sid);
  if (sids.length === 0) return stocks;
  const rows = await session.rows<Row>(
    `SELECT sid, entries_open_at AS entriesOpenAt, entries_close_at AS entriesCloseAt, beacon_round IS NOT NULL AS hasBeacon,
       state = 'drawn' AS isDrawn, last_place > offered_place AS hasWaiting, ended_at IS NOT NULL AS isEnded
     FROM draw WHERE sid IN (?) ORDER BY sid, attempt`,
    [sids],
  );
  // The last attempt counts.
  const draws = new Map(rows.map((row) => [row.sid, row]));
  for (const stock of stocks) {
    const row = draws.get(stock.sid);
    if (row) addDraw(stock, row);
  }
  return stocks;
}

function addDraw(stock: WithDraw, row: Row): void {
  const { hasBeacon, isDrawn, hasWaiting, isEnded } = row;
  stock.draw = {
    hasBeacon: hasBeacon === 1,
    isDrawn: isDrawn === 1,
    hasWaiting: hasWaiting === 1,
    isEnded: isEnded === 1,
  };
  if (stock.mode === 'rush') return;
  stock.entryTimes = {
    entriesOpenAtMs: row.entriesOpenAt.getTime(),
    entriesCloseAtMs: row.entriesCloseAt.getTime(),
  };
}
