/** Time as a parameter, so that the simulation runs the order path on virtual time. */
export type Clock = {
  /** Milliseconds from an arbitrary origin. */
  nowMs(): number;
  /** Calls `wake` once after `delayMs`; the returned function cancels the timer. */
  setTimer(delayMs: number, wake: () => void): () => void;
  /** Calls `wake` after all work of this turn of the event loop. */
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

/** A call took too long. Its outcome is unknown. */
export class DeadlineError extends Error {
  override name = 'DeadlineError';
}

/** Settles like `work`, or rejects with a DeadlineError after `deadlineMs`. Does not stop the work. */
export function withDeadline<T>(clock: Clock, deadlineMs: number, what: string, work: T | Promise<T>): Promise<T> {
  // A value needs no timer.
  if (!(work instanceof Promise)) return Promise.resolve(work);
  return settleWithin(clock, deadlineMs, work, (_, reject) =>
    reject(new DeadlineError(`${what}: no answer within ${deadlineMs} ms`)),
  );
}

/** Settles like `work`, or as `whenLate` decides after `delayMs`. Does not stop the work. */
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
