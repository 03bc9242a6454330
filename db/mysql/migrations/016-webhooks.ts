import type { Knex } from 'knex';

// Outgoing webhooks. Processes of the release before neither read nor write these tables.

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS webhook_endpoint (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      url VARCHAR(2048) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      description VARCHAR(200) NOT NULL DEFAULT '',
      events VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'types with commas; empty: all',
      state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'active' COMMENT 'active, paused, or disabled (it answered 410)',
      failures INT NOT NULL DEFAULT 0 COMMENT 'turns without a delivery since the last delivery',
      not_before DATETIME(3) NULL COMMENT 'after failures and Retry-After: no call earlier',
      resumed_at DATETIME(3) NULL COMMENT 'the three days of waiting deliveries begin no earlier',
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS webhook_secret (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      endpoint_id BIGINT NOT NULL,
      encrypted VARBINARY(255) NOT NULL,
      valid_until DATETIME(3) NULL COMMENT 'NULL: the current one',
      INDEX of_endpoint (endpoint_id)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS webhook_delivery (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'those of one order at one endpoint are in the order of its events',
      endpoint_id BIGINT NOT NULL,
      order_no VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      type VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      body TEXT NOT NULL,
      state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'pending' COMMENT 'pending, delivered, dead',
      attempts INT NOT NULL DEFAULT 0,
      next_try_at DATETIME(3) NULL COMMENT 'NULL of a pending one: it waits for an earlier event of the order',
      claimed_until DATETIME(3) NULL COMMENT 'a worker is calling the endpoint',
      due_since DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) COMMENT 'when it was created or replayed',
      last_status INT NULL,
      last_error VARCHAR(200) NULL,
      ended_at DATETIME(3) NULL,
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      UNIQUE INDEX one_event (endpoint_id, order_no, type),
      INDEX due (endpoint_id, next_try_at),
      INDEX claimed (endpoint_id, claimed_until),
      INDEX listed (endpoint_id, state, id),
      INDEX ended (state, ended_at),
      INDEX waiting (state, due_since)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE IF EXISTS webhook_delivery');
  await knex.raw('DROP TABLE IF EXISTS webhook_secret');
  await knex.raw('DROP TABLE IF EXISTS webhook_endpoint');
}
