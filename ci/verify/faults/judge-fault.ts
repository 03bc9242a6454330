import type { Bounds } from './catalog/fault.ts';
import type { Seen } from './measure-buyers.ts';

/**
 * Orders that may fail without MySQL: on a busy machine the log acknowledges one of a thousand too late, and no database is there to
 * decide it. The buyer is told 503 and may send it again.
 */
const LATE_LOG_ERRORS = 2;

/** What was asked of the system and not met: each in a line. */
export function findExceeded(bounds: Bounds, seen: Seen): string[] {
  const { errorsEndMs, orderErrors, errorsEndAfterHealMs, pauseMs, recoverMs } = bounds;
  const exceeded: string[] = [];
  const check = (what: string, foundMs: number | null, maxMs: number | undefined) => {
    if (maxMs === undefined || foundMs === null || foundMs <= maxMs) return;
    exceeded.push(`${what} ${(foundMs / 1000).toFixed(1)} s, at most ${(maxMs / 1000).toFixed(1)} s`);
  };
  if (errorsEndMs === 0 && seen.errors > 0) exceeded.push(`${seen.errors} requests failed, none may`);
  else check('errors for', seen.errorsEndMs, errorsEndMs);
  if (orderErrors === 0 && seen.orderErrors > LATE_LOG_ERRORS) {
    const kinds = Object.entries(seen.errorKinds).map(([kind, count]) => `${kind} × ${count}`);
    exceeded.push(`${seen.orderErrors} orders failed, at most ${LATE_LOG_ERRORS} may (${kinds.join(', ')})`);
  }
  check('errors after the fault for', seen.errorsEndAfterHealMs, errorsEndAfterHealMs);
  // A busy machine has pauses of its own: what the calm seconds before show is not the fault's.
  check('a pause of', seen.longestPauseMs, pauseMs === undefined ? undefined : pauseMs + seen.pauseBeforeMs);
  if (recoverMs !== undefined && seen.recoveredMs === null) exceeded.push('nobody was served after it');
  check('recovered after', seen.recoveredMs, recoverMs);
  return exceeded;
}

export type MemoryPeaks = Record<string, number>;

/** Processes whose memory went beyond the bound. */
export function findFat(peaksMb: MemoryPeaks, maxMb: number): string[] {
  return Object.entries(peaksMb)
    .filter(([, peakMb]) => peakMb > maxMb)
    .map(([name, peakMb]) => `${name} took ${peakMb} MB, at most ${maxMb} MB`);
}
