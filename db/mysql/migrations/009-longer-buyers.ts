import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// `sub` of a token has up to 255 characters (OpenID Connect Core, 2). As long as a text has at most 255 bytes, the row does not change,
// and neither do the indexes: both servers change the column's description alone. Each statement can be run again.

export async function up(knex: Knex): Promise<void> {
  await change(knex, 255);
}

/** Fails where a longer buyer is there already. */
export async function down(knex: Knex): Promise<void> {
  await change(knex, 64);
}

async function change(knex: Knex, characters: number): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  for (const table of ['stock_order', 'order_event']) {
    // Of the migrations before this one `down` may have run already.
    if (!(await hasColumn(table, 'buyer'))) continue;
    await knex.raw(
      `ALTER TABLE ${table} MODIFY COLUMN buyer VARCHAR(${characters}) CHARACTER SET ascii COLLATE ascii_bin NOT NULL`,
    );
  }
}
