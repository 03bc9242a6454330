import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../../command/percentile.ts';
import { createInFlight } from '../../../verify/sale/buyers/in-flight.ts';

/** Someone who begins at this time of Date.now(). */
export type Scheduled = { atMs: number; run(): Promise<void> };

/** Lets each begin at its time, however long the others take. Resolves when all have ended, with how late the latest 1 % began. */
export async function runOnSchedule(all: Scheduled[]): Promise<{ lateMs: number }> {
  const inFlight = createInFlight(Number.POSITIVE_INFINITY);
  const late: number[] = [];
  for (const { atMs, run } of all.toSorted((a, b) => a.atMs - b.atMs)) {
    const waitMs = atMs - Date.now();
    if (waitMs > 0) await sleep(waitMs);
    late.push(Date.now() - atMs);
    await inFlight.begin(run());
  }
  await inFlight.end();
  return { lateMs: percentile(Float64Array.from(late).sort(), 0.99) };
}
