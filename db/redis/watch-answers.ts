import type { Clock } from '../../proto/process/clock.ts';
import type { RedisClient } from './connect-redis.ts';

/** More than the interval of pings and the time-out of the socket. */
const SILENT_MS = 1500;

/**
 * Returns whether Redis is connected and has answered a ping lately. A connection that falls silent stays ready while commands are sent, because
 * the socket's time-out counts from the last command. A cluster has no pings, and counts as answering while it is ready.
 */
export function watchAnswers(redis: Pick<RedisClient, 'on' | 'isReady'>, clock: Clock): () => boolean {
  let answeredMs = Number.POSITIVE_INFINITY;
  redis.on('ping-interval', () => {
    answeredMs = clock.nowMs();
  });
  // A new connection has no answer yet.
  redis.on('ready', () => {
    answeredMs = Number.POSITIVE_INFINITY;
  });
  return () => redis.isReady && clock.nowMs() - answeredMs < SILENT_MS;
}
