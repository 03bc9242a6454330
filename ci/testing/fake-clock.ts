import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../proto/process/clock.ts';

/** A clock that moves only when the test advances it. */
export type FakeClock = Clock & {
  /** Lets `ms` pass, wakes who is due in order of time, and lets what they started run as far as it goes. */
  advance(ms: number): Promise<void>;
};

export function fakeClock(): FakeClock {
  let nowMs = 0;
  let timers: { atMs: number; wake: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    setTimer(delayMs, wake) {
      const timer = { atMs: nowMs + delayMs, wake };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    soon: (wake) => void setImmediate(wake),
    async advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        await turn();
        const [next] = timers.toSorted((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > untilMs) break;
        nowMs = next.atMs;
        timers = timers.filter((other) => other !== next);
        next.wake();
      }
      nowMs = untilMs;
      await turn();
    },
  };
}
