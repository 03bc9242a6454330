import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

export type LogProbeOptions = {
  clock: Clock;
  /** Rejects if the leader of a partition does not answer. */
  readLog(): Promise<unknown>;
  /** By partition. */
  breakers: ReadonlyMap<number, CircuitBreaker>;
};

export type LogProbe = {
  /** Call when a breaker opens. */
  start(): void;
  close(): void;
};

const EVERY_MS = 5000;
const READ_MS = 2000;
const IDLE_MS = 10_000;

/**
 * Closes the open breakers that no order asks, when the log answers again. Without it a breaker stays open until the next order, and its
 * alarm rings for a log that is up.
 */
export function createLogProbe({ clock, readLog, breakers }: LogProbeOptions): LogProbe {
  let cancel: (() => void) | undefined;
  let isClosed = false;

  async function probe(): Promise<void> {
    cancel = undefined;
    try {
      await withDeadline(clock, READ_MS, 'log', readLog());
      for (const breaker of breakers.values()) breaker.closeIfIdle(IDLE_MS);
    } catch {
      // The breakers stay open.
    }
    if ([...breakers.values()].some((breaker) => !breaker.isClosed())) start();
  }

  function start(): void {
    // After close, a read would open a connection that is never closed.
    if (cancel || isClosed) return;
    cancel = clock.setTimer(EVERY_MS, probe);
  }

  return {
    start,
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
