/** Time as the order path sees it, so that a simulation can run the same code on a clock of its own. */
export type Clock = {
  /** Milliseconds; only differences mean something. */
  nowMs(): number;
  /** Calls `wake` once after `delayMs`; the returned function calls it off. */
  setTimer(delayMs: number, wake: () => void): () => void;
  /** Calls `wake` once everything has run that came in this turn. */
  soon(wake: () => void): void;
};

export const realClock: Clock = {
  nowMs: () => performance.now(),
  setTimer(delayMs, wake) {
    const timer = setTimeout(wake, delayMs);
    return () => clearTimeout(timer);
  },
  soon(wake) {
    setImmediate(wake);
  },
};

/** Resolves after `delayMs`. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(delayMs, resolve);
  });
}

/** What a call that took too long rejects with. Its outcome is unknown, not failed. */
export class DeadlineError extends Error {
  override name = 'DeadlineError';
}

/** The work's own outcome, or a DeadlineError after `deadlineMs`. The work itself is not stopped. */
export function withDeadline<T>(clock: Clock, deadlineMs: number, what: string, work: T | Promise<T>): Promise<T> {
  // What is there already needs no timer.
  if (!(work instanceof Promise)) return Promise.resolve(work);
  return settleWithin(clock, deadlineMs, work, (_, reject) =>
    reject(new DeadlineError(`${what}: no answer within ${deadlineMs} ms`)),
  );
}

/** The promise's own outcome, or after `delayMs` what `whenLate` makes of it. The work itself is not stopped. */
export function settleWithin<T>(
  clock: Clock,
  delayMs: number,
  work: Promise<T>,
  whenLate: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(delayMs, () => whenLate(resolve, reject));
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
