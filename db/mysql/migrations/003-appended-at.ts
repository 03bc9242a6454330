import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// At the end of the row and nullable: added at once, whatever the number of rows, and workers of the release before leave it out.

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock_order', 'appended_at')) return;
  await knex.raw(
    `ALTER TABLE stock_order ADD COLUMN appended_at DATETIME(3) NULL COMMENT 'when the log took it; NULL: not by the log, or not kept'`,
  );
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock_order', 'appended_at')) await knex.raw('ALTER TABLE stock_order DROP COLUMN appended_at');
}
