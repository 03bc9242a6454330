import { waitUntil } from '../../../command/wait-until.ts';
import { sendSteadily } from '../../releases/send-steadily.ts';
import { signalProcess } from '../system/signal-process.ts';
import { closeEntries } from './create-draw-sale.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';
import { enterOne } from './enter-over-api.ts';
import { findDrawer } from './find-drawer.ts';
import { type HeldRows, holdRows } from './hold-rows.ts';

const ENTRANTS_PER_SECOND = 50;
const MAX_ENTRANTS = 1000;
const CLOSED_LIMIT_MS = 30_000;

/** Kills the order-worker that has closed the entries, before it states them. Buyers enter meanwhile. Resolves with the end of their entering. */
export async function killInClosing(stage: DrawStage, sale: DrawSale): Promise<() => Promise<void>> {
  const { system, print } = stage;
  sale.failures = 0;
  const entering = sendSteadily(ENTRANTS_PER_SECOND, MAX_ENTRANTS, () => enterOne(stage, sale));
  await closeEntries(stage, sale);
  const held = await holdClosed(stage, sale);
  const drawer = await findDrawer(stage, sale.sid, 'closed');
  signalProcess(system, drawer, 'SIGKILL');
  await held.release();
  await waitUntil(
    'an entrant to be refused',
    () => {
      if (sale.refused.size === 0) throw new Error(`${sale.entered.size} entered`);
    },
    { limitMs: CLOSED_LIMIT_MS },
  );
  print(`  ${drawer} was killed; ${sale.entered.size} entries, ${sale.refused.size} came too late`);
  return async () => {
    await entering.stop();
    // Their buyers sent them again: an entry is one row for each buyer.
    if (sale.failures > 0) print(`  ${sale.failures} requests to enter were repeated`);
  };
}

/** Resolves when the entries are closed, and holds the draw's row, as an entrant does, so that no statement is stored. */
async function holdClosed({ database }: DrawStage, { sid }: DrawSale): Promise<HeldRows<unknown>> {
  const untilMs = performance.now() + CLOSED_LIMIT_MS;
  const sql = 'SELECT state FROM draw WHERE sid = ? LOCK IN SHARE MODE';
  let held = await holdRows<{ state: string }>(database, sql, [sid]);
  while (held.rows[0]?.state === 'taking') {
    if (performance.now() > untilMs) throw new Error('entries were not closed');
    // Closing waits for the row, and this lock waits for closing.
    const next = holdRows<{ state: string }>(database, sql, [sid]);
    await held.release();
    held = await next;
  }
  if (held.rows[0]?.state === 'closed') return held;
  await held.release();
  throw new Error(`the draw is already ${held.rows[0]?.state}`);
}
