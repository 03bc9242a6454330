import { signalProcess } from '../system/signal-process.ts';
import { closeEntries } from './create-draw-sale.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';
import { findDrawer } from './find-drawer.ts';
import { holdEntry, waitForWaiters } from './hold-rows.ts';

/** Kills the order-worker that gives the entries of a void attempt to the next one, when some are given. */
export async function killInVoid(stage: DrawStage, sale: DrawSale): Promise<void> {
  const { system, database, print } = stage;
  // Pages of ids are renewed in ascending order, so those before this one are.
  const held = await holdEntry(stage, sale);
  await closeEntries(stage, sale);
  await waitForWaiters(database, 'UPDATE JSON_TABLE(%');
  const drawer = await findDrawer(stage, sale.sid, 'void');
  signalProcess(system, drawer, 'SIGKILL');
  await held.release();
  print(`  ${drawer} was killed with ${sale.entered.size} entries of a void attempt`);
}
