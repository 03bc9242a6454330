import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';

export type SeedRange = { from: number; count: number };
export type SeedsResult = {
  seeds: number;
  seconds: number;
  /** In the order in which they were found, about `stopAfter` of them. */
  broken: SeedResult[];
};

export type SeedsOptions = SeedRange & {
  threads: number;
  stopAfter: number;
  /** Called with the number of finished seeds. */
  onProgress?(done: number): void;
};

/** Input and messages of a thread. */
export type SeedJob = { seeds: number[] };
export type SeedMessage = { done: number; broken: SeedResult | null };

/** Runs `count` seeds from `from` on, spread over the threads. */
export async function runSeeds({ from, count, threads, stopAfter, onProgress }: SeedsOptions): Promise<SeedsResult> {
  const startedMs = performance.now();
  const all = Array.from({ length: count }, (_, i) => from + i);
  const broken: SeedResult[] = [];
  let seeds = 0;
  const workers = Array.from({ length: Math.min(threads, count) }, (_, thread) => {
    const workerData: SeedJob = { seeds: all.filter((_, i) => i % threads === thread) };
    // Without the test runner's options: its loaders and source maps make a thread several times slower.
    return new Worker(new URL('run-seeds-thread.ts', import.meta.url), { workerData, execArgv: [] });
  });
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve, reject) => {
          worker.on('message', (message: SeedMessage) => {
            seeds += message.done;
            onProgress?.(seeds);
            if (!message.broken) return;
            broken.push(message.broken);
            if (broken.length >= stopAfter) for (const worker of workers) void worker.terminate();
          });
          worker.on('error', reject);
          worker.on('exit', () => resolve());
        }),
    ),
  );
  return { seeds, seconds: (performance.now() - startedMs) / 1000, broken };
}
