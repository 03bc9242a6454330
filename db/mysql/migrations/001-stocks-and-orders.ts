import type { Knex } from 'knex';

// SQL for MySQL 8.4, MariaDB 10.11 and later. No auto-increment: ids must stay unique across shards.
// Each statement may run again: a migration that was killed half-way starts from its first statement (../inspect-schema.ts).
// Order numbers and buyers compare byte by byte: with a case-insensitive collation 'bob' and 'Bob' would be one buyer.

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS stock (
      id BIGINT NOT NULL PRIMARY KEY,
      name VARCHAR(100) NOT NULL,
      count INT NOT NULL COMMENT 'units put up for sale',
      sale INT NOT NULL DEFAULT 0 COMMENT 'units sold: the live orders',
      version BIGINT NOT NULL DEFAULT 0 COMMENT 'moves with every change of units or live orders',
      kind ENUM('sale', 'ladder') NOT NULL,
      price_cents BIGINT NOT NULL DEFAULT 0,
      opens_at DATETIME(3) NULL COMMENT 'NULL: open from the start',
      closes_at DATETIME(3) NULL COMMENT 'NULL: no end',
      paused BOOLEAN NOT NULL DEFAULT FALSE,
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      INDEX stock_kind (kind, id),
      CONSTRAINT stock_id_positive CHECK (id > 0),
      CONSTRAINT stock_not_oversold CHECK (sale >= 0 AND sale <= count),
      CONSTRAINT stock_price CHECK (price_cents >= 0)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS stock_order (
      order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      sid BIGINT NOT NULL,
      buyer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      name VARCHAR(100) NOT NULL COMMENT 'of the stock, when the order was decided',
      state ENUM('awaiting_payment', 'paid', 'refunded', 'expired', 'cancelled', 'sold_out', 'duplicate') NOT NULL,
      live TINYINT GENERATED ALWAYS AS (CASE WHEN state IN ('awaiting_payment', 'paid') THEN 1 ELSE NULL END) STORED
        COMMENT '1 while the order holds a unit',
      live_order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of a duplicate: the order there was',
      price_cents BIGINT NOT NULL,
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      minted_at DATETIME(3) NULL,
      pay_by DATETIME(3) NULL COMMENT 'NULL: never expires',
      decided_by ENUM('log', 'direct', 'ladder') NOT NULL,
      log_partition INT NULL,
      log_offset BIGINT NULL,
      UNIQUE INDEX one_live_order (sid, buyer, live),
      INDEX due (state, pay_by)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  // /getStockNum answers on an empty system.
  await knex.raw(`INSERT IGNORE INTO stock (id, name, count, kind) VALUES (1, 'First stock', 100, 'ladder')`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE IF EXISTS stock_order');
  await knex.raw('DROP TABLE IF EXISTS stock');
}
