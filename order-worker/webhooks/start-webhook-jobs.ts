import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { countDeliveries, type DeliveryCounts } from '../../db/webhooks/delivery-table.ts';
import { purgeDeliveries } from '../../db/webhooks/purge-deliveries.ts';
import type { KafkaTarget } from '../../proto/kafka/kafka.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import { startJob } from '../jobs/start-job.ts';
import { createWebhookClient } from './send-webhook.ts';
import { createWebhookReader } from './webhook-reader.ts';
import { createWebhookSender } from './webhook-sender.ts';

export type WebhookJobsOptions = {
  /** On a pool of its own: a receiver that is slow takes nothing from the decisions. */
  database: Database;
  kafka: KafkaTarget;
  topic: string;
  group: string;
  keys: string;
  addresses: 'public' | 'any';
  metrics: Pick<Metrics, 'watch'>;
  logger: Logger;
  clock: Clock;
  random(): number;
  traces?: Traces | undefined;
};

const READ_EVERY_MS = 1000;
const SEND_EVERY_MS = 250;
const COUNT_EVERY_MS = 15_000;
const PURGE_EVERY_MS = 60_000;
const PURGE = { batch: 1000, deliveredDays: 3, keptDays: 30 };

/** Writes deliveries of events and sends them. Each job may run in several workers at once. */
export function startWebhookJobs(options: WebhookJobsOptions): { close(): Promise<void> } {
  const { database, kafka, topic, group, keys, addresses, metrics, logger, clock, random, traces } = options;
  const pace = { clock, random };
  const reader = createWebhookReader({ database, kafka, topic, group, pace, logger });
  const client = createWebhookClient({ deadlineMs: deadlines.WEBHOOK.ms, addresses });
  const sender = createWebhookSender({ database, client, keys, pace, logger, traces });
  let counts: DeliveryCounts = { due: 0, failing: 0, dead: 0 };
  metrics.watch('flashsale_webhook_deliveries', () => counts);
  const start = (name: string, everyMs: number, work: () => Promise<unknown>) =>
    startJob({ name, everyMs, work, logger, clock });
  const jobs = [
    start('webhook events', READ_EVERY_MS, reader.update),
    start('webhooks', SEND_EVERY_MS, async () => {
      if (reader.isNeeded()) await sender.start();
    }),
    start('webhook purge', PURGE_EVERY_MS, () => purgeDeliveries(database, PURGE, pace)),
    start('webhook counts', COUNT_EVERY_MS, async () => {
      counts = await database.session(countDeliveries);
    }),
  ];
  return {
    async close() {
      await Promise.all(jobs.map((job) => job.close()));
      await Promise.all([reader.close(), sender.close()]);
    },
  };
}
