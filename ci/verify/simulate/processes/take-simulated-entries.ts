import { leaveEntry } from '../../../../db/draws/leave-entry.ts';
import { takeEntries } from '../../../../db/draws/take-entries.ts';
import type { Database } from '../../../../db/mysql/database.ts';
import type { Pace } from '../../../../db/mysql/repeat-transaction.ts';
import { openLine } from '../../../../db/offers/open-line.ts';
import type { UnitsAfter } from '../../../../db/stocks/stock-table.ts';
import type { EntryPlan } from '../plans/plan-entries.ts';
import type { Random } from '../world/seeded-random.ts';
import { SIMULATED_DRAW_KEY } from '../world/simulated-key.ts';

/** What a provider does for a buyer who enters or leaves. */
export type SimulatedEntries = ReturnType<typeof takeSimulatedEntries>;

export function takeSimulatedEntries(
  database: Database,
  { pace, random, plan, onOpened }: { pace: Pace; random: Random; plan: EntryPlan; onOpened(units: UnitsAfter): void },
) {
  const randomBytes = (size: number) => simulatedBytes(random, size);
  const drawKey = SIMULATED_DRAW_KEY;
  const line = { lineWindowMs: plan.lineWindowMs, beacon: null, drawKey, onOpened, pace, randomBytes };
  const options = { openLine: (sid: number) => openLine(database, { sid, ...line }), pace, randomBytes };
  return {
    take: (sid: number, buyer: string) => takeEntries(database, drawKey, [{ sid, buyer }], options),
    leave: (sid: number, buyer: string) => leaveEntry(database, sid, buyer, pace),
  };
}

/** As random as the seed. */
export function simulatedBytes(random: Random, size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => random.whole(0, 255)));
}
