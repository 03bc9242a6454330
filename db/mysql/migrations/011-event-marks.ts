import type { Knex } from 'knex';

/** Up to where the events `confirmed` of the orders that the log decided are published (db/outbox/event-marks.ts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS event_mark (
      topic VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of the orders',
      log_partition SMALLINT NOT NULL,
      life INT NOT NULL COMMENT 'begins with each worker, and when the topic was created again',
      next_offset BIGINT NOT NULL COMMENT 'within a life it only grows',
      since DATETIME(3) NOT NULL COMMENT 'orders of before belong to an earlier life or have rows in order_event',
      moved_at DATETIME(3) NOT NULL,
      PRIMARY KEY (topic, log_partition)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE IF EXISTS event_mark');
}
