import { signalProcess } from '../system/signal-process.ts';
import { closeEntries, readDraw } from './create-draw-sale.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';
import { findDrawer } from './find-drawer.ts';
import { holdEntry, waitForWaiters } from './hold-rows.ts';

/** Kills the order-worker that writes the places, when some are written. */
export async function killInDraw(stage: DrawStage, sale: DrawSale): Promise<void> {
  const { system, database, print } = stage;
  const held = await holdEntry(stage, sale);
  await closeEntries(stage, sale);
  await waitForWaiters(database, 'UPDATE JSON_TABLE(%');
  const drawer = await findDrawer(stage, sale.sid, 'stated');
  signalProcess(system, drawer, 'SIGKILL');
  const placed = await countPlaces(stage, sale);
  const { state } = await readDraw(stage, sale.sid);
  await held.release();
  if (state !== 'stated' || placed === 0) throw new Error(`the draw was ${state} with ${placed} places`);
  print(`  ${drawer} was killed; ${placed} of ${sale.entered.size} places were written`);
}

async function countPlaces({ database }: DrawStage, { sid }: DrawSale): Promise<number> {
  const sql = 'SELECT COUNT(*) AS n FROM entry WHERE sid = ? AND place IS NOT NULL';
  const [row] = await database.session((session) => session.rows<{ n: number }>(sql, [sid]));
  return Number(row?.n ?? 0);
}
