import { encodeLiveReport, type LiveReport } from '../../proto/messages/live-report.ts';
import type { RedisClient } from './connect-redis.ts';

const EVERY_MS = 1000;

/** Tells all consumers once a second what `read` says. What fails is left out: a picture lacks a second. Returns what ends it. */
export function publishLive(redis: RedisClient, channel: string, read: () => Promise<LiveReport | null>): () => void {
  let isBusy = false;
  const publish = async () => {
    // Redis does not answer: nothing queues up for it.
    if (isBusy) return;
    isBusy = true;
    try {
      const report = await read();
      if (report) await redis.publish(channel, encodeLiveReport(report));
    } catch {
      // The next one tells it all.
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(publish, EVERY_MS);
  return () => clearInterval(timer);
}
