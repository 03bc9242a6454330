import type { Logger } from 'pino';
import type { Clock } from '../proto/process/clock.ts';

export type RepeatedWork = {
  /** What the log calls it. */
  what: string;
  everyMs: number;
  /** True: there is more to do, so it is called again at once. */
  work(): Promise<unknown>;
  logger: Logger;
  clock: Clock;
};

const FAILED_PAUSE_MAX_MS = 5000;

/**
 * Does `work` again and again, never twice at once, `everyMs` after its last end. When it fails the pause doubles, up to 5 s
 * (or `everyMs`); the log says so when that begins and when it is over. `close` lets the work under way finish.
 */
export function runEvery({ what, everyMs, work, logger, clock }: RepeatedWork): { close(): Promise<void> } {
  let closed = false;
  let failures = 0;
  let callOff: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  function plan(delayMs: number): void {
    if (closed) return;
    callOff = clock.setTimer(delayMs, () => {
      running = run();
    });
  }

  async function run(): Promise<void> {
    let delayMs = everyMs;
    try {
      if ((await work()) === true) delayMs = 0;
      if (failures > 0) logger.info({ failures }, `${what}: works again`);
      failures = 0;
    } catch (error) {
      failures += 1;
      // 2^10 is far beyond the most for any pause in use.
      delayMs = Math.min(everyMs * 2 ** Math.min(failures, 10), Math.max(everyMs, FAILED_PAUSE_MAX_MS));
      if (failures === 1) logger.warn({ err: error }, `${what}: failed, again and again until it works`);
      else logger.debug({ err: error, failures }, `${what}: failed again`);
    }
    plan(delayMs);
  }

  plan(0);
  return {
    async close() {
      closed = true;
      callOff?.();
      await running;
    },
  };
}
