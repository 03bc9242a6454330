import { QueueFullError } from './batcher.ts';
import { runForAll } from './caller-scope.ts';
import type { Clock } from './clock.ts';

export type KeyedBatcherOptions<Key, Item, Answer> = {
  clock: Pick<Clock, 'soon'>;
  /** Resolves with one answer per item, in the same order. A rejection rejects every item of the batch. */
  send: (key: Key, items: Item[]) => Promise<Answer[]>;
  /** Maximum items per call. */
  maxBatch: number;
  /** Maximum concurrent calls, of different keys. */
  maxInFlight: number;
  /** Maximum items of all keys that wait for a call. Further items are rejected with a QueueFullError. */
  maxWaiting: number;
};

type Waiting<Item, Answer> = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void };

/**
 * Combines calls that have the same key. A key has one call in flight, and what comes for it in the meantime shares the next one. Keys take
 * turns, so that a slow one does not hold up the others.
 */
export function createKeyedBatcher<Key, Item, Answer>(
  options: KeyedBatcherOptions<Key, Item, Answer>,
): (key: Key, item: Item) => Promise<Answer> {
  const { clock, send, maxBatch, maxInFlight, maxWaiting } = options;
  // Async, so that a `send` that throws is a rejection. A caller that disconnects does not end the call for all.
  const sendAll = async (key: Key, items: Item[]): Promise<Answer[]> => runForAll(() => send(key, items));
  /** Keys with waiting items; the key whose turn is next comes first. */
  const queues = new Map<Key, Waiting<Item, Answer>[]>();
  const inFlight = new Set<Key>();
  let waiting = 0;
  let isPlanned = false;

  function plan(): void {
    if (isPlanned || waiting === 0 || inFlight.size >= maxInFlight) return;
    isPlanned = true;
    clock.soon(startCalls);
  }

  function startCalls(): void {
    isPlanned = false;
    for (const [key, queue] of queues) {
      if (inFlight.size >= maxInFlight) return;
      if (inFlight.has(key)) continue;
      const batch = queue.splice(0, maxBatch);
      queues.delete(key);
      if (queue.length > 0) queues.set(key, queue);
      startCall(key, batch);
    }
  }

  function startCall(key: Key, batch: Waiting<Item, Answer>[]): void {
    inFlight.add(key);
    waiting -= batch.length;
    sendAll(
      key,
      batch.map(({ item }) => item),
    )
      .then(
        (answers) => {
          for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as Answer);
        },
        (error: unknown) => {
          for (const { reject } of batch) reject(error);
        },
      )
      .finally(() => {
        inFlight.delete(key);
        plan();
      });
  }

  return (key, item) =>
    new Promise((resolve, reject) => {
      if (waiting >= maxWaiting) {
        reject(new QueueFullError(`${maxWaiting} items are waiting`));
        return;
      }
      waiting += 1;
      const queue = queues.get(key);
      if (queue) queue.push({ item, resolve, reject });
      else queues.set(key, [{ item, resolve, reject }]);
      plan();
    });
}
