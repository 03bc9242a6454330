import type { Bounds } from './catalog/fault.ts';
import type { FaultFigures } from './load/measure-fault.ts';
import type { MemoryPeaks } from './system/watch-memory.ts';

/** Exceeded bounds, one per line. */
export function findExceeded(bounds: Bounds, figures: FaultFigures): string[] {
  const { errorsEndMs, orderErrors, errorsEndAfterHealMs, pauseMs, recoverMs } = bounds;
  const exceeded: string[] = [];
  const check = (what: string, foundMs: number | null, maxMs: number | undefined) => {
    if (maxMs === undefined || foundMs === null || foundMs <= maxMs) return;
    exceeded.push(`${what} ${(foundMs / 1000).toFixed(1)} s, the limit is ${(maxMs / 1000).toFixed(1)} s`);
  };
  if (errorsEndMs === 0 && figures.errors > 0) exceeded.push(`${figures.errors} requests failed, the limit is 0`);
  else check('errors for', figures.errorsEndMs, errorsEndMs);
  if (orderErrors !== undefined && figures.orderErrors > orderErrors) {
    const kinds = Object.entries(figures.errorKinds).map(([kind, count]) => `${kind} × ${count}`);
    exceeded.push(`${figures.orderErrors} orders failed, the limit is ${orderErrors} (${kinds.join(', ')})`);
  }
  check('errors after the fault for', figures.errorsEndAfterHealMs, errorsEndAfterHealMs);
  // A pause before the fault is caused by a busy machine and is added to the limit.
  check('a pause of', figures.longestPauseMs, pauseMs === undefined ? undefined : pauseMs + figures.pauseBeforeMs);
  if (recoverMs !== undefined && figures.recoveredMs === null) exceeded.push('no order was confirmed after the fault');
  check('recovered after', figures.recoveredMs, recoverMs);
  return exceeded;
}

/** Processes that used more memory than the limit. */
export function findMemoryExceeded(peaksMb: MemoryPeaks, maxMb: number): string[] {
  return Object.entries(peaksMb)
    .filter(([, peakMb]) => peakMb > maxMb)
    .map(([name, peakMb]) => `${name} used ${peakMb} MB, the limit is ${maxMb} MB`);
}
