import type { Knex } from 'knex';

/** The continuous audit of the order-workers: one row, which one worker claims for a round. The release before does not read it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS audit_round (
      id TINYINT NOT NULL PRIMARY KEY,
      claimed_until DATETIME(3) NULL COMMENT 'a worker audits',
      ended_at DATETIME(3) NULL COMMENT 'of the last round; NULL: none yet',
      stocks INT NOT NULL DEFAULT 0 COMMENT 'audited in the last round',
      violations TEXT NULL COMMENT 'JSON: by name of a check, the number of stocks that break it; 0 also'
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  await knex.raw('INSERT IGNORE INTO audit_round (id) VALUES (1)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE IF EXISTS audit_round');
}
