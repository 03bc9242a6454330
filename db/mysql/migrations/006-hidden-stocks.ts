import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock', 'hidden')) return;
  await knex.raw(`
    ALTER TABLE stock
      ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'not in the shop''s list; its address and orders work'`);
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock', 'hidden')) await knex.raw('ALTER TABLE stock DROP COLUMN hidden');
}
