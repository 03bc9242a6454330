import type { Logger } from 'pino';

/**
 * A warning for what may happen to every request at once: at most one line in `everyMs`, with the number of those that were left
 * out since the last one. All of them are logged at level debug.
 */
export function warnRarely(logger: Pick<Logger, 'warn' | 'debug'>, message: string, everyMs = 1000) {
  let lastMs = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return (fields: Record<string, unknown>): void => {
    logger.debug(fields, message);
    const nowMs = performance.now();
    if (nowMs - lastMs < everyMs) {
      leftOut += 1;
      return;
    }
    logger.warn({ ...fields, ...(leftOut > 0 && { leftOut }) }, message);
    lastMs = nowMs;
    leftOut = 0;
  };
}
