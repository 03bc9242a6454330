import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

/** The offer job looks twice a second for stocks with work, and reads none of past sales (db/offers/next-entries.ts). */
export async function up(knex: Knex): Promise<void> {
  if (await inspectSchema(knex).hasIndex('stock', 'offers')) return;
  await knex.raw('ALTER TABLE stock ADD INDEX offers (offers_only, closes_at)');
}

export async function down(knex: Knex): Promise<void> {
  if (!(await inspectSchema(knex).hasIndex('stock', 'offers'))) return;
  await knex.raw('ALTER TABLE stock DROP INDEX offers');
}
