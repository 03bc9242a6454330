import { type Draw, readDraws } from '../../db/draws/draw-table.ts';
import { roundTimeMs } from '../../db/draws/plan-round.ts';
import type { DrawClaim, DrawKey } from '../../db/draws/steps/claim-draw.ts';
import { closeDraw } from '../../db/draws/steps/close-draw.ts';
import { type GivePlacesOptions, givePlaces } from '../../db/draws/steps/give-places.ts';
import { keepRandomness } from '../../db/draws/steps/keep-randomness.ts';
import { stateDraw } from '../../db/draws/steps/state-draw.ts';
import { voidDraw } from '../../db/draws/steps/void-draw.ts';
import type { Database } from '../../db/mysql/database.ts';
import { parseRules } from '../../proto/draws/draw-rules.ts';
import { publicKeyOf } from '../../proto/draws/sign-draw.ts';
import type { Beacon, BeaconRound } from './fetch-beacon.ts';
import { orderInThread } from './order-in-thread.ts';

export type DrawStep = 'closed' | 'stated' | 'void' | 'drawn';

export type DrawWork = {
  database: Database;
  /** DRAW_KEY. */
  drawKey: string;
  beacon: Beacon;
  fetchBeacon(round: number): Promise<BeaconRound>;
  /** After the COMMIT of a step. */
  onStep(step: DrawStep, draw: DrawKey): void;
  /** The sequence of the protocol. Default: orderInThread, which holds up nothing else. */
  orderEntries?: GivePlacesOptions['orderEntries'] | undefined;
  /** This process's clock, milliseconds since 1970. Default: Date.now. */
  wallClock?: () => number;
  /** Entries of one statement; absent: as many as is fast. */
  page?: number | undefined;
};

/** The beacon is away, or answered something else. */
export class BeaconError extends Error {
  override name = 'BeaconError';
}

const LATE = "no statement was stored 10 minutes before the beacon's round";

/**
 * Takes all steps of a claimed draw that can be taken now: taking → closed → stated → drawn. Each step is in the database when the next one begins,
 * so the next claim goes on behind it.
 */
export async function workOnDraw(work: DrawWork, claim: DrawClaim): Promise<void> {
  const { database, drawKey, beacon, fetchBeacon, onStep, page, wallClock, orderEntries = orderInThread } = work;
  const read = () => readAttempt(database, claim);
  let draw = await read();
  checkKey(draw, drawKey);
  if (draw.state === 'taking') {
    if (!(await database.session((session) => closeDraw(session, claim)))) return;
    onStep('closed', claim);
    draw = await read();
  }
  if (draw.state === 'closed') {
    if ((await stateDraw(database, claim, draw, { drawKey, chain: beacon, page, wallClock })) === 'LATE') {
      await voidDraw(database, claim, draw, { drawKey, chain: beacon, reason: LATE, wallClock });
      onStep('void', claim);
      return;
    }
    onStep('stated', claim);
    draw = await read();
  }
  if (draw.state !== 'stated') return;
  if (draw.beaconRound !== null && draw.randomness === null) {
    if (draw.readAtMs < roundTimeMs(beacon, draw.beaconRound)) return;
    const round = await fetchBeacon(draw.beaconRound).catch((cause: unknown) => {
      throw new BeaconError('no beacon', { cause });
    });
    await database.session((session) => keepRandomness(session, claim, round));
    draw = await read();
  }
  await givePlaces(database, claim, draw, { orderEntries, readPage: page, writePage: page });
  onStep('drawn', claim);
}

async function readAttempt(database: Database, { sid, attempt }: DrawKey): Promise<Draw> {
  const draws = await database.session((session) => readDraws(session, [sid]));
  const draw = draws.find((one) => one.attempt === attempt);
  if (!draw) throw new Error(`no draw ${sid}/${attempt}`);
  return draw;
}

/** A statement that is signed with another key than the published rules name proves nothing. */
function checkKey({ sid, attempt, rules }: Draw, drawKey: string): void {
  if (parseRules(rules).key !== publicKeyOf(drawKey)) {
    throw new Error(`DRAW_KEY is not the key in the rules of draw ${sid}/${attempt}`);
  }
}
