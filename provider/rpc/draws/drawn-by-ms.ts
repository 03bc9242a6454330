import type { Draw } from '../../../db/draws/draw-table.ts';
import { OPENS_AFTER_CLOSING_MS } from '../../../db/stocks/stock-draws.ts';

/** Without a beacon a worker closes, states and draws within this time. */
const AT_ONCE_MS = 10_000;

/** When the places are expected to be known. */
export function drawnByMs({ entriesCloseAtMs, beaconRound }: Pick<Draw, 'entriesCloseAtMs' | 'beaconRound'>): number {
  return entriesCloseAtMs + (beaconRound === null ? AT_ONCE_MS : OPENS_AFTER_CLOSING_MS);
}
