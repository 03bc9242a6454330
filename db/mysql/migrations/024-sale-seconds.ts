import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// Figures of a sale by second, so that its summary and time line do not read all orders (db/orders/figures). The decision writes none of it.

/** Read by ci/ops/release: why this fits beside the release before. */
export const compatible =
  'the release before neither reads nor writes the new tables; an index of order_event changes no answer';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS sale_mark (
      sid BIGINT NOT NULL PRIMARY KEY,
      until_at DATETIME(3) NULL COMMENT 'what happened before it is stored in sale_second, except a late commit; NULL: nothing is'
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS sale_second (
      sid BIGINT NOT NULL,
      second BIGINT NOT NULL COMMENT 'since 1970 (UTC); one in which nothing happened has no row',
      orders BIGINT NOT NULL COMMENT 'decided in it; of these also: confirmed to sold_out_at_ms',
      confirmed BIGINT NOT NULL,
      confirmed_units BIGINT NOT NULL,
      confirmed_cents BIGINT NOT NULL,
      buyers BIGINT NOT NULL COMMENT 'whose first confirmed order it was',
      slow BIGINT NOT NULL,
      logged BIGINT NOT NULL COMMENT 'orders with a time of click and log: those of the two sums',
      to_log_us BIGINT NOT NULL,
      to_decision_us BIGINT NOT NULL,
      slowest_us BIGINT NULL,
      sold_out_at_ms BIGINT NULL COMMENT 'the first refusal as sold out without a unit left',
      paid BIGINT NOT NULL COMMENT 'orders that were paid in it, also if refunded since',
      paid_units BIGINT NOT NULL,
      paid_cents BIGINT NOT NULL,
      last_paid_at_ms BIGINT NULL,
      refunded_units BIGINT NOT NULL COMMENT 'this and the following: of orders that ended in it',
      refunded_cents BIGINT NOT NULL,
      expired_units BIGINT NOT NULL,
      expired_cents BIGINT NOT NULL,
      cancelled_units BIGINT NOT NULL,
      cancelled_cents BIGINT NOT NULL,
      PRIMARY KEY (sid, second)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  if (!(await inspectSchema(knex).hasIndex('order_event', 'of_stock'))) {
    await knex.raw(
      `ALTER TABLE order_event ADD INDEX of_stock (sid, create_time) COMMENT 'finds the orders that changed lately'`,
    );
  }
}

export async function down(knex: Knex): Promise<void> {
  if (await inspectSchema(knex).hasIndex('order_event', 'of_stock')) {
    await knex.raw('ALTER TABLE order_event DROP INDEX of_stock');
  }
  await knex.raw('DROP TABLE IF EXISTS sale_second');
  await knex.raw('DROP TABLE IF EXISTS sale_mark');
}
