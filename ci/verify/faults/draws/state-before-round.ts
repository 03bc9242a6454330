import { claimDraw, releaseClaim } from '../../../../db/draws/steps/claim-draw.ts';
import { closeDraw } from '../../../../db/draws/steps/close-draw.ts';
import { stateDraw } from '../../../../db/draws/steps/state-draw.ts';
import { quicknet, quicknetTimeOf } from '../../../../proto/draws/quicknet.ts';
import { realClock } from '../../../../proto/process/clock.ts';
import { sampleRound } from '../../../generate/make-sample-draw.ts';
import type { BeaconServer } from '../system/start-beacon.ts';
import { closeEntries, readDraw } from './create-draw-sale.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';

const BEFORE_ROUND_MS = 15 * 60_000;
const LATE_MS = 3000;

/** The plan of a draw whose round is one that everybody knows, so that no beacon is needed to test it. */
export const pastRound = {
  beacon: quicknet,
  entriesCloseAtMs: quicknetTimeOf(sampleRound.round) - BEFORE_ROUND_MS,
};

/** Closes and states the draw in the way of an order-worker, whose clock is 15 minutes before the round. */
export async function stateBeforeRound(stage: DrawStage, sale: DrawSale): Promise<void> {
  const { database, system } = stage;
  const key = { sid: sale.sid, attempt: 1 };
  const claim = await claimDraw(database, key, { clock: realClock, shouldStop: () => false });
  if (!claim) throw new Error('another worker has the draw');
  await closeEntries(stage, sale);
  await database.session((session) => closeDraw(session, claim));
  const shiftMs = Date.now() + BEFORE_ROUND_MS - quicknetTimeOf(sampleRound.round);
  const chain = { chain: quicknet.chain, periodMs: quicknet.periodMs, genesisMs: quicknet.genesisMs + shiftMs };
  const draw = await readDraw(stage, sale.sid);
  const outcome = await stateDraw(database, claim, draw, { drawKey: system.secrets.DRAW_KEY, chain });
  if (outcome !== 'STATED') throw new Error('the draw was not stated');
  await database.session((session) => releaseClaim(session, claim));
}

/** The beacon breaks off each connection, as when it is away. */
export function loseBeacon(beacon: BeaconServer): void {
  beacon.answer((response) => {
    response.destroy();
  });
}

/** The beacon has the round, and answers late. */
export function restoreBeacon(beacon: BeaconServer): void {
  const { round, signature, randomness } = sampleRound;
  beacon.answer((response, path) => {
    if (path !== `/${quicknet.chain}/public/${round}`) {
      response.writeHead(404).end();
      return;
    }
    setTimeout(() => response.end(JSON.stringify({ round, randomness, signature })), LATE_MS);
  });
}
