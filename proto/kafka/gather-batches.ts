import { runForAll } from '../process/caller-scope.ts';
import type { Clock } from '../process/clock.ts';

/**
 * Sends what arrives together as one call: items that come in the same turn of the event loop, and those that come while `maxInFlight` calls
 * are under way, wait and go with the next call. With `lingerMs` a further call goes out only beside one that takes long.
 */
export type BatchOptions<Item, Answer> = {
  clock: Pick<Clock, 'soon' | 'setTimer'>;
  /** One answer per item, in the same sequence. A rejection rejects every item of the batch. */
  send: (items: Item[]) => Promise<Answer[]>;
  /** Most items of one call. */
  maxBatch: number;
  /** Most calls under way at once. */
  maxInFlight: number;
  /** How long items wait for a call that is under way before another goes out beside it, in milliseconds (0: not at all). */
  lingerMs?: number;
  /** Most items waiting for a call; one more is refused with a QueueFullError. */
  maxWaiting: number;
};

export class QueueFullError extends Error {
  override name = 'QueueFullError';
}

type Waiting<Item, Answer> = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void };

export function gatherBatches<Item, Answer>(options: BatchOptions<Item, Answer>): (item: Item) => Promise<Answer> {
  const { clock, send, maxBatch, maxInFlight, lingerMs = 0, maxWaiting } = options;
  // Async, so that a `send` that throws frees its place too. One caller that goes away does not end the call of all.
  const sendAll = async (items: Item[]): Promise<Answer[]> => runForAll(() => send(items));
  let waiting: Waiting<Item, Answer>[] = [];
  let out = 0;
  let flushPlanned = false;
  let stopWaiting: (() => void) | undefined;

  function planFlush(): void {
    if (flushPlanned || out >= maxInFlight || waiting.length === 0) return;
    if (out > 0 && lingerMs > 0 && waiting.length < maxBatch) {
      stopWaiting ??= clock.setTimer(lingerMs, flush);
      return;
    }
    flushPlanned = true;
    clock.soon(flush);
  }

  function flush(): void {
    flushPlanned = false;
    stopWaiting?.();
    stopWaiting = undefined;
    while (out < maxInFlight && waiting.length > 0) callOut();
  }

  function callOut(): void {
    const batch = waiting.length <= maxBatch ? waiting : waiting.slice(0, maxBatch);
    waiting = waiting.length <= maxBatch ? [] : waiting.slice(maxBatch);
    out += 1;
    sendAll(batch.map((entry) => entry.item))
      .then(
        (answers) => {
          for (const [i, entry] of batch.entries()) entry.resolve(answers[i] as Answer);
        },
        (error: unknown) => {
          for (const entry of batch) entry.reject(error);
        },
      )
      .finally(() => {
        out -= 1;
        planFlush();
      });
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        reject(new QueueFullError(`${maxWaiting} items wait already`));
        return;
      }
      waiting.push({ item, resolve, reject });
      planFlush();
    });
}
