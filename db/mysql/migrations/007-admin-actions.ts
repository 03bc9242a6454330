import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // The processes' user may add rows and read them, and nothing else.
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS admin_action (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      subject VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of the token',
      roles VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'that allowed it, with commas',
      action VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      target VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'id of a stock or experiment, or an order number',
      detail VARCHAR(2000) NOT NULL COMMENT 'JSON of the fields that were asked for',
      request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE IF EXISTS admin_action');
}
