import type { Faults } from './faults.ts';
import type { Random } from './seeded-random.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What everything in a run shares: time, chance, the faults of the moment and the story so far. */
export type World = {
  time: VirtualTime;
  random: Random;
  faults: Faults;
  story: Trace;
  /** Most milliseconds by which a provider's stock read may be behind the database's clock. */
  readLateMs: number;
  /** How long a message is on its way when nothing is wrong. */
  latencyMs(): number;
  /** Resolves at the process after `delayMs`. */
  travel(process: SimulatedProcess, delayMs: number): Promise<void>;
};

// Providers wait a second for a statement, and less for Redis.
const SLOW_MS = 1000;
const QUICK_MS = 100;

export function createWorld(time: VirtualTime, random: Random, faults: Faults, story: Trace): World {
  return {
    time,
    random,
    faults,
    story,
    readLateMs: QUICK_MS + (faults.statementSlow > 0 ? SLOW_MS : 0) + (faults.redisSlow > 0 ? SLOW_MS : 0),
    latencyMs: () => random.between(0.2, 2),
    travel: (process, delayMs) =>
      new Promise((resolve) => {
        time.after(delayMs, () => process.deliver(resolve));
      }),
  };
}
