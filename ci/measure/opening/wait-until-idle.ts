import { setTimeout as sleep } from 'node:timers/promises';
import { readCpuMs } from '../../local/supervisor/read-usage.ts';
import type { BenchSystem } from '../bench/bench-system.ts';
import { readBatches } from './read-batches.ts';

const SAMPLE_MS = 1000;
/** Of one core, over all processes. An idle system of two of each uses 0.3, one that works on a burst more than 1. */
const IDLE_SHARE = 0.6;
const LIMIT_MS = 60_000;

/**
 * Resolves when the processes have had nothing to do for a second: after a burst that failed they work on requests whose clients are
 * gone. The CPU time alone does not tell it where other work takes most of the machine.
 */
export async function waitUntilIdle(system: BenchSystem): Promise<void> {
  const startedMs = performance.now();
  for (let before = await readWork(system); ; ) {
    await sleep(SAMPLE_MS);
    const after = await readWork(system);
    const isIdle = after.cpuMs - before.cpuMs < (after.atMs - before.atMs) * IDLE_SHARE;
    if (isIdle && after.batches === before.batches) return;
    if (after.atMs - startedMs > LIMIT_MS) throw new Error(`the system is not idle after ${LIMIT_MS / 1000} s`);
    before = after;
  }
}

async function readWork(system: BenchSystem): Promise<{ cpuMs: number; batches: number; atMs: number }> {
  const { calls, transactions } = await readBatches(system);
  const cpuMs = [...readCpuMs(system.pids()).values()].reduce((sum, ms) => sum + ms, 0);
  return { cpuMs, batches: calls.count + transactions.count, atMs: performance.now() };
}
