import type { Draw } from '../../../db/draws/draw-table.ts';
import { roundTimeMs } from '../../../db/draws/plan-round.ts';
import { quicknet } from '../../../proto/draws/quicknet.ts';

/** Without a beacon a worker closes, states and draws within this time. */
const AT_ONCE_MS = 10_000;
const AFTER_ROUND_MS = 60_000;

/** When the places are expected to be known. */
export function drawnByMs({ entriesCloseAtMs, beaconRound }: Pick<Draw, 'entriesCloseAtMs' | 'beaconRound'>): number {
  return beaconRound === null ? entriesCloseAtMs + AT_ONCE_MS : roundTimeMs(quicknet, beaconRound) + AFTER_ROUND_MS;
}
