import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// A record of the log can hold several orders. At the end of the row and with a default: added at once, whatever the number of rows.
// Workers of the release before leave it out: they read records of one order only.

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock_order', 'log_index')) return;
  await knex.raw(
    `ALTER TABLE stock_order ADD COLUMN log_index SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'place inside its record, from 0'`,
  );
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock_order', 'log_index')) await knex.raw('ALTER TABLE stock_order DROP COLUMN log_index');
}
