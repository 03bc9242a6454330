import type { Clock } from '../../../../proto/process/clock.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A process as the operating system sees it: all that wakes it goes through here, so it can be frozen, revived and killed. */
export type SimulatedProcess = {
  name: string;
  clock: Clock;
  /** Something arrives at the process: done at once, or when it is revived, or never. */
  deliver(act: () => void): void;
  freeze(): void;
  revive(): void;
  kill(): void;
  isAlive(): boolean;
  isFrozen(): boolean;
  /** Calls `act` when the process is killed: its sockets close then. */
  onKill(act: () => void): void;
};

export const MAX_CLOCK_ORIGIN_MS = 100_000_000;

/** `originMs`: where its clock began, which has no meaning of its own and differs between machines. */
export function startProcess(time: VirtualTime, name: string, originMs = 0): SimulatedProcess {
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
      nowMs: () => originMs + time.nowMs(),
      setTimer(delayMs, wake) {
        let calledOff = false;
        const cancel = time.after(delayMs, () => deliver(() => !calledOff && wake()));
        return () => {
          calledOff = true;
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
      // Each as an event of its own, as a loop that wakes up works off what has come meanwhile.
      for (const act of held) time.after(0, () => deliver(act));
    },
    kill() {
      alive = false;
      arrived = [];
      for (const act of onKill) act();
    },
    isAlive: () => alive,
    isFrozen: () => frozen,
    onKill: (act) => void onKill.push(act),
  };
}
