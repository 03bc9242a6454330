import type { Knex } from 'knex';
import { lookAtSchema } from '../look-at-schema.ts';

/** Read by ci/release: why this fits beside the release before. */
export const compatible =
  'the list of outcomes only gets one more at its end, and columns are nullable or have a default';

const OUTCOMES = `'PAID', 'ALREADY_PAID', 'PAYMENT_REFUNDED', 'WRONG_AMOUNT', 'NO_PAYMENT'`;
/** As many audits are kept. */
const SLOTS = 20;

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = lookAtSchema(knex);
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
  if (!(await hasColumn('payment_event', 'next_try_at'))) {
    await knex.raw(`
      ALTER TABLE payment_event
        MODIFY COLUMN outcome ENUM(${OUTCOMES}, 'KEPT') NOT NULL COMMENT 'KEPT: its order is not known, to be settled later',
        ADD COLUMN tries INT NOT NULL DEFAULT 0,
        ADD COLUMN next_try_at DATETIME(3) NULL COMMENT 'when a kept one is tried again',
        ADD INDEX kept_due (outcome, next_try_at)`);
  }
  if (!(await hasColumn('stock', 'resting'))) {
    await knex.raw(`
      ALTER TABLE stock
        ADD COLUMN resting ENUM('open', 'paused') NULL COMMENT 'no unit is returned while the log is replayed; what paused was'`);
  }
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn } = lookAtSchema(knex);
  if (await hasColumn('stock', 'resting')) await knex.raw('ALTER TABLE stock DROP COLUMN resting');
  if (await hasColumn('payment_event', 'next_try_at')) {
    // No earlier release knows a kept one: it is what it was answered then.
    await knex.raw(`UPDATE payment_event SET outcome = 'NO_PAYMENT' WHERE outcome = 'KEPT'`);
    await knex.raw(`
      ALTER TABLE payment_event
        DROP INDEX kept_due,
        DROP COLUMN next_try_at,
        DROP COLUMN tries,
        MODIFY COLUMN outcome ENUM(${OUTCOMES}) NOT NULL`);
  }
  await knex.raw('DROP TABLE IF EXISTS audit_job');
}
