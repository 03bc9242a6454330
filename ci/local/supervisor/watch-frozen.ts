import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const ASK_EVERY_MS = 400;
const ANSWER_WITHIN_MS = 1000;
/** So late a timer says that this process was held up itself, and nothing about the other one. */
const OWN_DELAY_MAX_MS = 200;

export type FrozenWatch = { pid: number; signal: AbortSignal; onFrozen(): void };

/**
 * Asks a process at its /livez, until `signal`, and calls `onFrozen` when it gives no answer and uses no time of the processor
 * either: whoever called it would wait, and nobody in front of it can tell that from a long answer. A busy one is left alone.
 */
export async function watchFrozen(url: string, { pid, signal, onFrozen }: FrozenWatch): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    const ticks = readProcessorTicks(pid);
    const isLate = await isAnswerLate(url, signal);
    const isOurDelay = performance.now() - startedAt > ANSWER_WITHIN_MS + OWN_DELAY_MAX_MS;
    if (signal.aborted) return;
    if (isLate && !isOurDelay && ticks !== undefined && readProcessorTicks(pid) === ticks) return onFrozen();
    await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** An answer of any kind will do, also a refused connection: then it is not there yet, or any more. */
async function isAnswerLate(url: string, signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, limit]) });
    await response.body?.cancel();
    return false;
  } catch {
    return limit.aborted;
  }
}

/** Time that it has used so far, for itself and in the kernel, in ticks of 10 ms. */
function readProcessorTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return undefined;
  }
}
