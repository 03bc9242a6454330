import { openVirtualTime, type VirtualTime } from '../simulate/open-virtual-time.ts';
import { NO_FAULTS } from '../simulate/plans/plan-faults.ts';
import { seededRandom } from '../simulate/plans/seeded-random.ts';
import { tellStory } from '../simulate/tell-story.ts';
import { createWorld, type World } from '../simulate/world.ts';

export type StillWorld = {
  world: World;
  time: VirtualTime;
  /** Lets time pass until the work is done. */
  drive<T>(work: () => Promise<T>): Promise<T>;
  pass(delayMs: number): Promise<void>;
};

/** A world without faults, for tests of the stand-ins. */
export function openStillWorld(): StillWorld {
  const time = openVirtualTime();
  const world = createWorld(time, seededRandom(1), { ...NO_FAULTS }, tellStory(time.nowMs));
  return {
    ...{ world, time },
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
