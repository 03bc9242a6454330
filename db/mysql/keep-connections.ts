import type { Clock } from '../../proto/process/clock.ts';
import type { createAvailability } from '../../proto/process/create-availability.ts';
import type { Database } from './database.ts';

/** Twice within the time after which pool and server close an idle connection. */
const EVERY_MS = 1000;

/**
 * Keeps `count` connections of a pool open by using them once a second. A new connection needs five statements, for which the first buyers
 * would wait. `opened` resolves after the first time, also when the database does not answer. Reports whether it answers.
 */
export function keepConnections(
  clock: Clock,
  database: Database,
  { count, availability }: { count: number; availability: ReturnType<typeof createAvailability> },
): { opened: Promise<void>; isUp(): boolean; close(): Promise<void> } {
  let closed = false;
  /** While the database does not answer, one connection tries. */
  let isUp = true;
  let used = Promise.resolve();
  let cancel = (): void => undefined;

  async function use(): Promise<void> {
    const uses = Array.from({ length: isUp ? count : 1 }, () =>
      database.session((session) => session.rows('SELECT 1')),
    );
    const results = await Promise.allSettled(uses);
    const failed = results.find((result) => result.status === 'rejected');
    isUp = failed === undefined;
    if (failed) availability.down(failed.reason);
    else availability.up();
    if (!closed) cancel = clock.setTimer(EVERY_MS, useAgain);
  }

  function useAgain(): void {
    used = use();
  }

  useAgain();
  return {
    opened: used,
    isUp: () => isUp,
    /** Resolves when no connection is in use. */
    async close() {
      closed = true;
      cancel();
      await used;
    },
  };
}
