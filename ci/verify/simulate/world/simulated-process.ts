import type { Clock } from '../../../../proto/process/clock.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A process that can be frozen, revived and killed. Everything that wakes it goes through `deliver` or its clock. */
export type SimulatedProcess = {
  name: string;
  clock: Clock;
  /** Runs `act` at once; when the process is revived; or never, if it is killed. */
  deliver(act: () => void): void;
  freeze(): void;
  revive(): void;
  kill(): void;
  isAlive(): boolean;
  /** Calls `act` when the process is killed, as a peer sees its sockets close. */
  onKill(act: () => void): void;
};

const MAX_CLOCK_ORIGIN_MS = 100_000_000;

/** The origin of a process's clock has no meaning and differs between machines. */
export const randomClockOriginMs = (random: { whole(min: number, max: number): number }) =>
  random.whole(0, MAX_CLOCK_ORIGIN_MS);

export function createSimulatedProcess(time: VirtualTime, name: string, clockOriginMs = 0): SimulatedProcess {
  let alive = true;
  let frozen = false;
  let arrived: (() => void)[] = [];
  const onKill: (() => void)[] = [];

  function deliver(act: () => void): void {
    if (!alive) return;
    if (frozen) arrived.push(act);
    else act();
  }

  return {
    name,
    clock: {
      nowMs: () => clockOriginMs + time.nowMs(),
      setTimer(delayMs, wake) {
        let cancelled = false;
        const cancel = time.after(delayMs, () => deliver(() => !cancelled && wake()));
        return () => {
          cancelled = true;
          cancel();
        };
      },
      soon: (wake) => void time.after(0, () => deliver(wake)),
    },
    deliver,
    freeze() {
      frozen = true;
    },
    revive() {
      if (!frozen) return;
      frozen = false;
      const held = arrived;
      arrived = [];
      // Each is an event of its own, as in an event loop that works off what has arrived.
      for (const act of held) time.after(0, () => deliver(act));
    },
    kill() {
      alive = false;
      arrived = [];
      for (const act of onKill) act();
    },
    isAlive: () => alive,
    onKill: (act) => void onKill.push(act),
  };
}
