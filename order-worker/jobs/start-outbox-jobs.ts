import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { keepStuckEvents } from '../../db/outbox/keep-missed-events.ts';
import { type OutboxEvent, publishEvents } from '../../db/outbox/publish-events.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { type Job, startJob } from './start-job.ts';

export type OutboxJobsOptions = {
  database: Database;
  orderTopic: string;
  /** Resolves when the event topic has acknowledged all of them; gives up within 2 s. */
  publish(events: OutboxEvent[]): Promise<void>;
  /** A worker that cannot publish must not hold the lock. */
  isConnected(): boolean;
  logger: Logger;
  clock: Clock;
};

const PUBLISH_EVERY_MS = 200;
const PUBLISH_BATCH = 500;
const KEEP_STUCK_EVERY_MS = 30_000;

/** Publishes the rows of `order_event`, and writes rows for events that no worker publishes. */
export function startOutboxJobs(options: OutboxJobsOptions): Job[] {
  const { database, orderTopic, publish, isConnected, logger, clock } = options;
  return [
    startJob({
      name: 'order events',
      everyMs: PUBLISH_EVERY_MS,
      logger,
      clock,
      async work() {
        if (!isConnected()) return false;
        return (await publishEvents(database, { orderTopic, batch: PUBLISH_BATCH, publish })).more;
      },
    }),
    startJob({
      name: 'missed events',
      everyMs: KEEP_STUCK_EVERY_MS,
      logger,
      clock,
      work: () => keepStuckEvents(database, orderTopic),
    }),
  ];
}
