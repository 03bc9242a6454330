import { QueueFullError } from '../kafka/gather-batches.ts';

export type CallLimit = {
  /** Most at once. */
  atOnce: number;
  /** Most that wait for their turn; one more is refused with a QueueFullError. */
  maxWaiting: number;
};

/** A share of something that others need too, such as a pool of connections: so many pieces of work at once, the others in line. */
export function limitCalls({ atOnce, maxWaiting }: CallLimit): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= maxWaiting) throw new QueueFullError(`${waiting.length} calls wait already`);
      // The place is handed over, so that no later caller takes it.
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
