import { createDraw } from '../../../../db/draws/create-draw.ts';
import { type Draw, readLatestDraw } from '../../../../db/draws/draw-table.ts';
import type { BeaconChain } from '../../../../db/draws/plan-round.ts';
import { takeEntries } from '../../../../db/draws/take-entries.ts';
import { createStock } from '../../../command/create-stock.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';
import { enterOverApi } from './enter-over-api.ts';

export type NewDrawSale = {
  sid: number;
  units: number;
  /** Entries that are made before the load: so many by HTTP, and so many directly in the database, which is faster. */
  overApi: number;
  directly: number;
  /** No offer goes out until the sale is resumed. Default: false. */
  paused?: boolean;
  /** Default: null. */
  beacon?: BeaconChain | null;
  /** The time in the rules. Default: in a minute. */
  entriesCloseAtMs?: number;
};

const BATCH = 500;
const MINUTE_MS = 60_000;

/** A draw with entries, which takes more until closeEntries. */
export async function createDrawSale(stage: DrawStage, plan: NewDrawSale): Promise<DrawSale> {
  const { system, database } = stage;
  const { sid, units, overApi, directly, paused = false, beacon = null } = plan;
  const { entriesCloseAtMs = Date.now() + MINUTE_MS } = plan;
  const drawKey = system.secrets.DRAW_KEY;
  await createStock(database, { sid, name: 'A draw', count: units, mode: 'draw', paused });
  const entriesOpenAtMs = Math.min(Date.now(), entriesCloseAtMs) - MINUTE_MS;
  await database.session((session) =>
    createDraw(session, { sid, count: units, entriesOpenAtMs, entriesCloseAtMs, beacon, drawKey }),
  );
  // The rules stand. The row takes entries for as long as the fault needs.
  await database.session((session) =>
    session.change('UPDATE draw SET entries_close_at = NOW(3) + INTERVAL 1 HOUR WHERE sid = ?', [sid]),
  );
  const sale: DrawSale = { sid, units, joinsBehind: false, entered: new Map(), refused: new Set(), failures: 0 };
  const names = Array.from({ length: directly }, (_, i) => `direct-${sid}-${i}`);
  for (let at = 0; at < directly; at += BATCH) {
    const keys = names.slice(at, at + BATCH).map((buyer) => ({ sid, buyer }));
    for (const { buyer, entry } of await takeEntries(database, drawKey, keys)) {
      if (entry) sale.entered.set(buyer, Buffer.from(entry.entryId).toString('hex'));
    }
  }
  await enterOverApi(stage, sale, overApi);
  return sale;
}

/** The time to close comes in so many seconds, by the database's clock. */
export async function closeEntries({ database }: DrawStage, { sid }: DrawSale, seconds = 0): Promise<void> {
  await database.session((session) =>
    session.change(`UPDATE draw SET entries_close_at = NOW(3) + INTERVAL ? SECOND WHERE sid = ? AND state = 'taking'`, [
      seconds,
      sid,
    ]),
  );
}

/** The attempt that counts. */
export async function readDraw({ database }: Pick<DrawStage, 'database'>, sid: number): Promise<Draw> {
  const draw = await database.session((session) => readLatestDraw(session, sid));
  if (!draw) throw new Error(`stock ${sid} has no draw`);
  return draw;
}
