import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

/** As many audits are kept. */
const SLOTS = 20;

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  // Rows are used again and never deleted: the processes' user may not delete.
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS audit_job (
      slot TINYINT NOT NULL PRIMARY KEY,
      sid BIGINT NULL COMMENT 'NULL: not used yet',
      run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'a new one for each start',
      state ENUM('running', 'done', 'failed', 'cancelled') NULL,
      checks_done INT NOT NULL DEFAULT 0,
      checks_total INT NOT NULL DEFAULT 0,
      result MEDIUMTEXT NULL COMMENT 'JSON of ok and checks, when it is done',
      error VARCHAR(200) NULL COMMENT 'why it failed',
      started_at DATETIME(3) NULL,
      seen_at DATETIME(3) NULL COMMENT 'when its process last said that it works on it',
      ended_at DATETIME(3) NULL,
      UNIQUE INDEX one_of_a_stock (sid)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  const slots = Array.from({ length: SLOTS }, (_, index) => `(${index + 1})`).join(', ');
  await knex.raw(`INSERT IGNORE INTO audit_job (slot) VALUES ${slots}`);
  // Beside payment_event, whose rows are never changed.
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS kept_payment (
      event_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY COMMENT 'the gateway''s',
      payment_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'not known here when it came',
      amount_cents BIGINT NOT NULL,
      currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      tries INT NOT NULL DEFAULT 0,
      next_try_at DATETIME(3) NULL COMMENT 'NULL: settled',
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      INDEX due (next_try_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  if (!(await hasColumn('stock', 'resting'))) {
    await knex.raw(`
      ALTER TABLE stock
        ADD COLUMN resting ENUM('open', 'paused') NULL COMMENT 'no unit is returned while the log is replayed; what paused was'`);
  }
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock', 'resting')) await knex.raw('ALTER TABLE stock DROP COLUMN resting');
  await knex.raw('DROP TABLE IF EXISTS kept_payment');
  await knex.raw('DROP TABLE IF EXISTS audit_job');
}
