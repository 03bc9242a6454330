import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Rows are written in the transaction of the change, and deleted by `npm run purge` after a day.
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS idempotent_request (
      caller VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'subject of the token',
      idempotency_key VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      digest CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of method, path and body',
      answer MEDIUMTEXT NOT NULL COMMENT 'JSON of the outcome; empty inside its transaction only',
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      PRIMARY KEY (caller, idempotency_key),
      INDEX by_time (create_time)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE IF EXISTS idempotent_request');
}
