import { Worker } from 'node:worker_threads';
import type { SeedResult } from './run-seed.ts';

export type SeedRange = { from: number; count: number };
export type SeedsResult = {
  seeds: number;
  seconds: number;
  /** In the sequence in which they were found; after `stopAfter` of them no more seeds are begun. */
  broken: SeedResult[];
};

export type SeedsOptions = SeedRange & {
  threads: number;
  stopAfter: number;
  /** Called now and then with the seeds done so far. */
  onProgress?(done: number): void;
};

/** What a thread is given, and what it says of each seed. */
export type SeedJob = { seeds: number[] };
export type SeedMessage = { done: number; broken: SeedResult | null };

/** Runs seeds from `from` on, shared out in turn to so many threads. */
export async function runSeeds({ from, count, threads, stopAfter, onProgress }: SeedsOptions): Promise<SeedsResult> {
  const startedMs = performance.now();
  const all = Array.from({ length: count }, (_, i) => from + i);
  const broken: SeedResult[] = [];
  let seeds = 0;
  const workers = Array.from({ length: Math.min(threads, count) }, (_, thread) => {
    const workerData: SeedJob = { seeds: all.filter((_, i) => i % threads === thread) };
    // Without the options of a test's runner, whose loaders and source maps would make it several times as slow.
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
            if (broken.length >= stopAfter) for (const one of workers) void one.terminate();
          });
          worker.on('error', reject);
          worker.on('exit', () => resolve());
        }),
    ),
  );
  return { seeds, seconds: (performance.now() - startedMs) / 1000, broken };
}
