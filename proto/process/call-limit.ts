import { QueueFullError } from './batcher.ts';

export type CallLimitOptions = {
  /** Maximum concurrent calls. */
  maxConcurrent: number;
  /** Maximum calls that wait. Further calls are rejected with a QueueFullError. */
  maxWaiting: number;
};

/** Limits concurrent calls that share a resource, such as a pool of connections. Further calls wait in order. */
export function createCallLimit({
  maxConcurrent,
  maxWaiting,
}: CallLimitOptions): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running >= maxConcurrent) {
      if (waiting.length >= maxWaiting) throw new QueueFullError(`${waiting.length} calls are waiting`);
      // The call that ends passes its place on, so that no later call can take it.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
