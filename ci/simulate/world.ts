import type { VirtualTime } from './open-virtual-time.ts';
import type { Faults } from './plan-faults.ts';
import type { Random } from './seeded-random.ts';
import type { SimulatedProcess } from './start-process.ts';
import type { Story } from './tell-story.ts';

/** What everything in a run shares: time, chance, the faults of the moment and the story so far. */
export type World = {
  time: VirtualTime;
  random: Random;
  faults: Faults;
  story: Story;
  /** How long a message is on its way when nothing is wrong. */
  latencyMs(): number;
  /** Resolves at the process after `delayMs`. */
  travel(process: SimulatedProcess, delayMs: number): Promise<void>;
};

export function createWorld(time: VirtualTime, random: Random, faults: Faults, story: Story): World {
  return {
    ...{ time, random, faults, story },
    latencyMs: () => random.between(0.2, 2),
    travel: (process, delayMs) =>
      new Promise((resolve) => {
        time.after(delayMs, () => process.deliver(resolve));
      }),
  };
}
