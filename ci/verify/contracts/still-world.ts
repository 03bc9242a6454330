import { NO_FAULTS } from '../simulate/world/faults.ts';
import { createSeededRandom } from '../simulate/world/seeded-random.ts';
import { createTrace } from '../simulate/world/trace.ts';
import { createVirtualTime, type VirtualTime } from '../simulate/world/virtual-time.ts';
import { createWorld, type World } from '../simulate/world/world.ts';

export type StillWorld = {
  world: World;
  time: VirtualTime;
  /** Lets time pass until the work is done. */
  drive<T>(work: () => Promise<T>): Promise<T>;
  pass(delayMs: number): Promise<void>;
};

/** A world without faults, for tests of the simulated servers. */
export function createStillWorld(): StillWorld {
  const time = createVirtualTime();
  const world = createWorld(time, createSeededRandom(1), { ...NO_FAULTS }, createTrace(time.nowMs));
  return {
    world,
    time,
    async drive(work) {
      let over = false;
      const done = work().finally(() => {
        over = true;
      });
      await time.run(() => over);
      return done;
    },
    pass: (delayMs) =>
      new Promise((resolve) => {
        time.after(delayMs, resolve);
      }),
  };
}
