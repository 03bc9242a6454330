import { encodeLiveReport, type LiveReport } from '../../proto/messages/live-report.ts';
import type { RedisClient } from './connect-redis.ts';

const EVERY_MS = 1000;

/** Publishes the report of `read` to all consumers once a second. A report that fails is skipped. */
export function startLivePublisher(redis: RedisClient, read: () => Promise<LiveReport | null>): { close(): void } {
  let isBusy = false;
  const publish = async () => {
    // While Redis does not answer, reports do not queue up.
    if (isBusy) return;
    isBusy = true;
    try {
      const report = await read();
      if (report) await redis.publish(redis.names.liveChannel, encodeLiveReport(report));
    } catch {
      // The next report has the same counters.
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(publish, EVERY_MS);
  return { close: () => clearInterval(timer) };
}
