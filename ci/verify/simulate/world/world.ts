import type { Faults } from './faults.ts';
import type { Random } from './seeded-random.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What all parts of a run share. */
export type World = {
  time: VirtualTime;
  random: Random;
  /** The faults in force now. */
  faults: Faults;
  trace: Trace;
  /** Upper bound for how late a provider's stock read may be, by the database's clock. */
  readLateMs: number;
  /** Duration of a message's journey without a fault. */
  latencyMs(): number;
  /** Resolves in the process after `delayMs`. */
  travel(process: SimulatedProcess, delayMs: number): Promise<void>;
};

// A provider waits up to a second for a statement, and less for Redis.
const SLOW_MS = 1000;
const QUICK_MS = 100;

export function createWorld(time: VirtualTime, random: Random, faults: Faults, trace: Trace): World {
  return {
    time,
    random,
    faults,
    trace,
    readLateMs: QUICK_MS + (faults.statementSlow > 0 ? SLOW_MS : 0) + (faults.redisSlow > 0 ? SLOW_MS : 0),
    latencyMs: () => random.between(0.2, 2),
    travel: (process, delayMs) =>
      new Promise((resolve) => {
        time.after(delayMs, () => process.deliver(resolve));
      }),
  };
}
