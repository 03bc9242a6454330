import { startLiveReporter } from '../../proto/metrics/live-reporter.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { RedisClient } from './connect-redis.ts';
import { publishLive } from './publish-live.ts';

type Process = {
  kind: 'consumer' | 'provider' | 'order-worker';
  name: string;
  metrics: Metrics;
  redis: RedisClient;
};

/** Tells all consumers once a second what this process counts. Returns what ends it. */
export function publishProcess({ kind, name, metrics, redis }: Process): () => void {
  const reporter = startLiveReporter(kind, name, metrics);
  const stop = publishLive(redis, redis.names.liveChannel, reporter.read);
  return () => {
    stop();
    reporter.close();
  };
}
