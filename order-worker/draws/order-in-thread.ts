import { Worker } from 'node:worker_threads';
import { type DrawOutcome, orderEntries } from '../../proto/draws/order-entries.ts';

/** Takes about 5 ms. */
const FEW_BYTES = 32 * 1000;
const THREAD = new URL('./order-thread.ts', import.meta.url);

/** orderEntries in a thread of its own: a million entries take seconds, in which this process could decide no order. */
export async function orderInThread(ids: Uint8Array, outcome: DrawOutcome): Promise<Uint32Array> {
  if (ids.length <= FEW_BYTES) return orderEntries(ids, outcome);
  const thread = new Worker(THREAD, { workerData: { ids, outcome } });
  try {
    return await new Promise((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)));
    });
  } finally {
    await thread.terminate();
  }
}
