import { type Clock, DeadlineError } from './clock.ts';

/** A deadline for several calls one after the other: returns the time that is left, or throws if there is none. */
export function startDeadline(clock: Clock, deadlineMs: number): () => number {
  const endMs = clock.nowMs() + deadlineMs;
  return () => {
    const leftMs = Math.floor(endMs - clock.nowMs());
    if (leftMs <= 0) throw new DeadlineError(`no answer within ${deadlineMs} ms`);
    return leftMs;
  };
}
