import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (!(await hasColumn('stock', 'currency'))) {
    await knex.raw(`
    ALTER TABLE stock
      ADD COLUMN currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'CNY' COMMENT 'ISO 4217',
      ADD COLUMN units_changed_at DATETIME(3) NULL COMMENT 'when units were last added or taken away by hand'`);
  }
  if (!(await hasColumn('stock_order', 'paid_at'))) {
    await knex.raw(`
    ALTER TABLE stock_order
      ADD COLUMN paid_at DATETIME(3) NULL,
      ADD COLUMN ended_at DATETIME(3) NULL COMMENT 'refunded, expired or cancelled',
      DROP INDEX due,
      ADD INDEX due (state, pay_by, sid) COMMENT 'finds the stocks that have something due, without a look at the rows',
      ADD INDEX by_buyer (buyer, create_time, order_no),
      ADD INDEX by_stock (sid, create_time, order_no)`);
  }
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS payment (
      payment_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      amount_cents BIGINT NOT NULL,
      currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      state ENUM('started', 'paid', 'refund_due', 'refunded') NOT NULL COMMENT 'refund_due: the gateway is still to be told',
      paid_cents BIGINT NULL COMMENT 'what came, which is also what goes back',
      paid_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NULL,
      reason VARCHAR(200) NULL COMMENT 'why the money goes back',
      refund_tries INT NOT NULL DEFAULT 0,
      next_try_at DATETIME(3) NULL COMMENT 'of the refund',
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      paid_at DATETIME(3) NULL,
      refunded_at DATETIME(3) NULL,
      INDEX payments_of_order (order_no),
      INDEX refunds_due (state, next_try_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS payment_event (
      event_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY COMMENT 'the gateway''s: each once',
      payment_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      amount_cents BIGINT NOT NULL,
      currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      outcome ENUM('PAID', 'ALREADY_PAID', 'PAYMENT_REFUNDED', 'WRONG_AMOUNT', 'NO_PAYMENT') NOT NULL,
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  // Facts for other systems. Each type happens once to an order, so the pair is its identity.
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS order_event (
      order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      type ENUM('confirmed', 'paid', 'expired', 'cancelled', 'refunded') NOT NULL COMMENT 'in the sequence in which they can happen',
      sid BIGINT NOT NULL,
      buyer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      price_cents BIGINT NOT NULL,
      create_time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      published_at DATETIME(3) NULL COMMENT 'NULL: still to be published',
      PRIMARY KEY (order_no, type),
      INDEX unpublished (published_at, create_time)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE IF EXISTS order_event');
  await knex.raw('DROP TABLE IF EXISTS payment_event');
  await knex.raw('DROP TABLE IF EXISTS payment');
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock_order', 'paid_at')) {
    await knex.raw(
      `ALTER TABLE stock_order DROP INDEX by_stock, DROP INDEX by_buyer, DROP INDEX due, ADD INDEX due (state, pay_by),
         DROP COLUMN ended_at, DROP COLUMN paid_at`,
    );
  }
  if (await hasColumn('stock', 'currency')) {
    await knex.raw('ALTER TABLE stock DROP COLUMN units_changed_at, DROP COLUMN currency');
  }
}
