import { waitUntil } from '../../../command/wait-until.ts';
import { answerOffers } from './answer-offers.ts';
import { closeEntries, readDraw } from './create-draw-sale.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';
import { holdRows, waitForWaiters } from './hold-rows.ts';

const DRAWN_LIMIT_MS = 60_000;
const RESUMED_LIMIT_MS = 30_000;

/** Closes the entries of a paused sale, and resolves when they have places. */
export async function drawPaused(stage: DrawStage, sale: DrawSale): Promise<void> {
  await closeEntries(stage, sale);
  await waitUntilDrawn(stage, sale.sid);
}

export async function waitUntilDrawn(stage: DrawStage, sid: number): Promise<void> {
  const check = async () => {
    const { state } = await readDraw(stage, sid);
    if (state !== 'drawn') throw new Error(`it is ${state}`);
  };
  await waitUntil(`stock ${sid} to be drawn`, check, { limitMs: DRAWN_LIMIT_MS });
}

/** A transaction that makes offers has locked the stock and waits for the draw's row. */
const MAKES_OFFERS = 'SELECT %offered_place AS offeredPlace%FOR UPDATE';
/** The other order-worker waits for the stock. */
const WAITS_FOR_STOCK = 'UPDATE stock SET version = %';

/**
 * Resumes the sale. When a third of the units is paid, calls `breakIt` while a transaction that makes offers is open; with `both`, while those of both
 * order-workers are. Resolves with the function that waits until all units are paid.
 */
export async function breakOffers(
  stage: DrawStage,
  sale: DrawSale,
  { both, breakIt }: { both: boolean; breakIt: () => void },
): Promise<() => Promise<void>> {
  const { database } = stage;
  await resume(stage, sale.sid);
  const isThird = Promise.withResolvers<void>();
  const answering = answerOffers(stage, sale, (paid) => {
    if (paid >= sale.units / 3) isThird.resolve();
  });
  answering.catch(isThird.reject);
  await isThird.promise;
  const held = await holdRows(database, 'SELECT sid FROM draw WHERE sid = ? FOR UPDATE', [sale.sid]);
  let released = Promise.resolve();
  try {
    await waitForWaiters(database, MAKES_OFFERS, ...(both ? [WAITS_FOR_STOCK] : []));
    breakIt();
  } finally {
    // A frozen MySQL answers the COMMIT later.
    released = held.release();
  }
  return async () => {
    await released;
    await answering;
  };
}

async function resume({ system, client }: DrawStage, sid: number): Promise<void> {
  const token = await system.createToken('admin', 'admin');
  const send = async () => {
    const call = { method: 'PATCH', path: `/api/v1/admin/stocks/${sid}`, token, json: { paused: false } } as const;
    const { status, body } = await client.send(call);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  };
  await waitUntil('the sale to be resumed', send, { limitMs: RESUMED_LIMIT_MS });
}
