import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const ASK_EVERY_MS = 400;
const ANSWER_WITHIN_MS = 1000;
/** A timer that is later than this shows that this process was delayed itself. */
const OWN_DELAY_MAX_MS = 200;

export type FrozenWatch = { pid: number; signal: AbortSignal; onFrozen(): void };

/**
 * Polls /livez of a process until `signal`. Calls `onFrozen` when the process neither answers nor uses CPU time: its callers would
 * wait, because they cannot distinguish it from a slow process. A busy process is not reported.
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

/** Any answer counts, also a refused connection: then the process is starting or has ended. */
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

/** CPU time used so far, in user and kernel mode, in ticks of 10 ms. */
function readProcessorTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return undefined;
  }
}
