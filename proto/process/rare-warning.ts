import type { Logger } from 'pino';

/**
 * A rate-limited warning for events that may happen to every request at once: at most one line in `everyMs`, with the number of suppressed
 * lines since the last one. All of them are logged at level debug.
 */
export function createRareWarning(logger: Pick<Logger, 'warn' | 'debug'>, message: string, everyMs = 1000) {
  let lastMs = Number.NEGATIVE_INFINITY;
  let suppressed = 0;
  return (fields: Record<string, unknown>): void => {
    logger.debug(fields, message);
    const nowMs = performance.now();
    if (nowMs - lastMs < everyMs) {
      suppressed += 1;
      return;
    }
    logger.warn({ ...fields, ...(suppressed > 0 && { suppressed }) }, message);
    lastMs = nowMs;
    suppressed = 0;
  };
}
