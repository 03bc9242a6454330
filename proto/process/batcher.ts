import { runForAll } from './caller-scope.ts';
import type { Clock } from './clock.ts';

export type BatcherOptions<Item, Answer> = {
  clock: Pick<Clock, 'nowMs' | 'soon' | 'setTimer'>;
  /** Resolves with one answer per item, in the same order. A rejection rejects every item of the batch. */
  send: (items: Item[]) => Promise<Answer[]>;
  /** Maximum items per call. */
  maxBatch: number;
  /** Maximum concurrent calls. */
  maxInFlight: number;
  /** While a call is in flight, how long items wait before another call starts, in milliseconds. Default 0: they do not wait. */
  lingerMs?: number;
  /**
   * After a call has started, how long items wait before the next one starts, in milliseconds. Asked at each start, so that it can grow with the
   * load. An item that comes later than that does not wait. Default: 0.
   */
  gapMs?: () => number;
  /** Maximum items that wait for a call. Further items are rejected with a QueueFullError. */
  maxWaiting: number;
};

export class QueueFullError extends Error {
  override name = 'QueueFullError';
}

type Waiting<Item, Answer> = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void };

/**
 * Combines calls: items of the same turn of the event loop, and items that arrive while `maxInFlight` calls are in flight, are sent by the
 * next call. A call that is full does not wait.
 */
export function createBatcher<Item, Answer>(options: BatcherOptions<Item, Answer>): (item: Item) => Promise<Answer> {
  const { clock, send, maxBatch, maxInFlight, lingerMs = 0, gapMs = () => 0, maxWaiting } = options;
  // Async, so that a `send` that throws is a rejection. A caller that disconnects does not end the call for all.
  const sendAll = async (items: Item[]): Promise<Answer[]> => runForAll(() => send(items));
  let waiting: Waiting<Item, Answer>[] = [];
  let inFlight = 0;
  let flushPlanned = false;
  let gapEndsMs = Number.NEGATIVE_INFINITY;
  let flushAtMs = 0;
  let stopWaiting: (() => void) | undefined;

  function planFlush(): void {
    if (flushPlanned || inFlight >= maxInFlight || waiting.length === 0) return;
    const waitMs = waiting.length < maxBatch ? msUntilNextCall() : 0;
    if (waitMs > 0) planTimer(waitMs);
    else {
      flushPlanned = true;
      clock.soon(flush);
    }
  }

  /** A call that has ended can make the next one due earlier than it was. */
  function planTimer(waitMs: number): void {
    const atMs = clock.nowMs() + waitMs;
    if (stopWaiting && atMs >= flushAtMs) return;
    stopWaiting?.();
    flushAtMs = atMs;
    stopWaiting = clock.setTimer(waitMs, flush);
  }

  function msUntilNextCall(): number {
    const leftMs = gapEndsMs - clock.nowMs();
    return inFlight > 0 ? Math.max(leftMs, lingerMs) : leftMs;
  }

  function flush(): void {
    flushPlanned = false;
    stopWaiting?.();
    stopWaiting = undefined;
    while (inFlight < maxInFlight && waiting.length > 0) startCall();
  }

  function startCall(): void {
    const batch = waiting.length <= maxBatch ? waiting : waiting.slice(0, maxBatch);
    waiting = waiting.length <= maxBatch ? [] : waiting.slice(maxBatch);
    inFlight += 1;
    gapEndsMs = clock.nowMs() + gapMs();
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
        inFlight -= 1;
        planFlush();
      });
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        reject(new QueueFullError(`${maxWaiting} items are waiting`));
        return;
      }
      waiting.push({ item, resolve, reject });
      planFlush();
    });
}
