import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// What a shop says about a stock. Decisions do not read these columns. They are NULL and at the end of the row: added at once, and processes
// of the release before leave them out.

/** Read by ci/ops/release: why this fits beside the release before. */
export const compatible =
  'the unique column is new, so rows and inserts of the release before leave it NULL, and detail only gets longer';

export async function up(knex: Knex): Promise<void> {
  const { hasColumn, hasIndex } = inspectSchema(knex);
  if (!(await hasColumn('stock', 'reference'))) {
    await knex.raw(`
    ALTER TABLE stock
      ADD COLUMN reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of the shop, such as a SKU',
      ADD COLUMN unique_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'the reference, if it was stored with UNIQUE_STOCK_REFERENCES=on',
      ADD COLUMN metadata VARCHAR(2048) NULL COMMENT 'JSON object of strings',
      ADD COLUMN description VARCHAR(2000) NULL,
      ADD COLUMN picture_url VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NULL,
      ADD COLUMN compare_at_price_cents BIGINT NULL COMMENT 'shown struck through'`);
  }
  if (!(await hasIndex('stock', 'stock_reference'))) {
    await knex.raw('ALTER TABLE stock ADD INDEX stock_reference (reference)');
  }
  if (!(await hasIndex('stock', 'one_reference'))) {
    await knex.raw('ALTER TABLE stock ADD UNIQUE INDEX one_reference (unique_reference)');
  }
  // A description and metadata, as JSON.
  await knex.raw(
    `ALTER TABLE admin_action MODIFY detail VARCHAR(12000) NOT NULL COMMENT 'JSON of the fields that were asked for'`,
  );
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn, hasIndex } = inspectSchema(knex);
  // admin_action.detail stays as wide as it is: its rows are never changed.
  for (const index of ['stock_reference', 'one_reference']) {
    if (await hasIndex('stock', index)) await knex.raw(`ALTER TABLE stock DROP INDEX ${index}`);
  }
  if (!(await hasColumn('stock', 'reference'))) return;
  await knex.raw(`
    ALTER TABLE stock DROP COLUMN reference, DROP COLUMN unique_reference, DROP COLUMN metadata, DROP COLUMN description,
      DROP COLUMN picture_url, DROP COLUMN compare_at_price_cents`);
}
