import { setTimeout as sleep } from 'node:timers/promises';
import { readCpuMs } from '../../local/supervisor/read-usage.ts';

const SAMPLE_MS = 500;
/** Of one core, over all processes. An idle system uses about a tenth. */
const IDLE_SHARE = 0.25;
const LIMIT_MS = 30_000;

/** Resolves when these processes have nothing left to do: after a burst that failed they work on requests that nobody waits for. */
export async function waitUntilIdle(pids: () => Map<string, number>): Promise<void> {
  const startedMs = performance.now();
  for (let before = readAt(pids()); ; ) {
    await sleep(SAMPLE_MS);
    const after = readAt(pids());
    if (after.cpuMs - before.cpuMs < (after.atMs - before.atMs) * IDLE_SHARE) return;
    if (after.atMs - startedMs > LIMIT_MS) throw new Error(`the system is not idle after ${LIMIT_MS / 1000} s`);
    before = after;
  }
}

function readAt(pids: Map<string, number>): { cpuMs: number; atMs: number } {
  const cpuMs = [...readCpuMs(pids).values()].reduce((sum, ms) => sum + ms, 0);
  return { cpuMs, atMs: performance.now() };
}
