import { parentPort, workerData } from 'node:worker_threads';
import { runSeed } from './run-seed.ts';
import type { SeedJob, SeedMessage } from './run-seeds.ts';

// A thread of run-seeds.ts.

const REPORT_EVERY = 20;
// Stack traces of simulated errors cost a tenth of the time.
Error.stackTraceLimit = 1;

const { seeds } = workerData as SeedJob;
let done = 0;
for (const seed of seeds) {
  const result = await runSeed(seed);
  done += 1;
  if (!result.broken && done < REPORT_EVERY) continue;
  report({ done, broken: result.broken ? result : null });
  done = 0;
}
report({ done, broken: null });

function report(message: SeedMessage): void {
  parentPort?.postMessage(message);
}
