import { startLiveReporter } from '../../proto/metrics/live-reporter.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { RedisClient } from './connect-redis.ts';
import { startLivePublisher } from './start-live-publisher.ts';

export type ProcessPublisherOptions = {
  kind: 'consumer' | 'provider' | 'order-worker';
  name: string;
  metrics: Metrics;
  redis: RedisClient;
};

/** Publishes the counters of this process to all consumers once a second. */
export function startProcessPublisher({ kind, name, metrics, redis }: ProcessPublisherOptions): { close(): void } {
  const reporter = startLiveReporter(kind, name, metrics);
  const publisher = startLivePublisher(redis, reporter.read);
  return {
    close() {
      publisher.close();
      reporter.close();
    },
  };
}
