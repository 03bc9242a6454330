import { parentPort, workerData } from 'node:worker_threads';
import { runSeed } from './run-seed.ts';
import type { SeedJob, SeedMessage } from './run-seeds.ts';

// One of the threads of run-seeds.ts.

const TOLD_EVERY = 20;
// Nobody reads the traces of errors that are part of the plan, and they cost a tenth of the time.
Error.stackTraceLimit = 1;

const { seeds } = workerData as SeedJob;
let done = 0;
for (const seed of seeds) {
  const result = await runSeed(seed);
  done += 1;
  if (!result.broken && done < TOLD_EVERY) continue;
  tell({ done, broken: result.broken ? result : null });
  done = 0;
}
tell({ done, broken: null });

function tell(message: SeedMessage): void {
  parentPort?.postMessage(message);
}
