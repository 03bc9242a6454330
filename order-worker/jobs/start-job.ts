import type { Logger } from 'pino';
import type { Clock } from '../../proto/process/clock.ts';

export type JobOptions = {
  /** The name in log messages. */
  name: string;
  everyMs: number;
  /** True: there is more to do, so it runs again at once. */
  work(): Promise<unknown>;
  logger: Logger;
  clock: Clock;
};

export type Job = { close(): Promise<void> };

const FAILED_PAUSE_MAX_MS = 5000;

/**
 * Repeats `work`, never twice at once, `everyMs` after its last end. After a failure the pause doubles, up to 5 s (or
 * `everyMs`); the first failure and the recovery are logged. `close` waits for the work in progress.
 */
export function startJob({ name, everyMs, work, logger, clock }: JobOptions): Job {
  let closed = false;
  let failures = 0;
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  function plan(delayMs: number): void {
    if (closed) return;
    cancel = clock.setTimer(delayMs, () => {
      running = run();
    });
  }

  async function run(): Promise<void> {
    let delayMs = everyMs;
    try {
      if ((await work()) === true) delayMs = 0;
      if (failures > 0) logger.info({ job: name, failures }, 'job recovered');
      failures = 0;
    } catch (error) {
      failures += 1;
      // 2^10 exceeds the limit of every pause in use.
      delayMs = Math.min(everyMs * 2 ** Math.min(failures, 10), Math.max(everyMs, FAILED_PAUSE_MAX_MS));
      if (failures === 1) logger.warn({ job: name, err: error }, 'job failed; retrying');
      else logger.debug({ job: name, err: error, failures }, 'job failed again');
    }
    plan(delayMs);
  }

  plan(0);
  return {
    async close() {
      closed = true;
      cancel?.();
      await running;
    },
  };
}
