import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// Orders of several units, with a reference and metadata of the shop. The columns are at the end of the row and have defaults: MariaDB adds
// them at once, whatever the number of rows. Processes of the release before leave them out, and write orders of one unit.

/** Read by ci/ops/release: why this fits beside the release before. */
export const compatible =
  'all rows, and all that the release before inserts, have quantity 1 and max_per_order 1; the list of states only gets one more at its end';

const STATES = `'awaiting_payment', 'paid', 'refunded', 'expired', 'cancelled', 'sold_out', 'duplicate', 'paused', 'not_open', 'closed',
  'price_above_max'`;
const CHECK = 'CHECK (quantity BETWEEN 1 AND max_per_order)';

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (!(await hasColumn('stock', 'max_per_order'))) {
    await knex.raw(`
    ALTER TABLE stock
      ADD COLUMN max_per_order SMALLINT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'units that one order may have'`);
  }
  if (!(await hasColumn('stock_order', 'quantity'))) {
    // A check of the table makes MariaDB copy it. In MySQL a check of a column cannot name another column.
    const isMariaDb = await usesMariaDb(knex);
    await knex.raw(`
    ALTER TABLE stock_order
      MODIFY COLUMN state ENUM(${STATES}, 'quantity_above_max') NOT NULL,
      ADD COLUMN max_per_order SMALLINT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'of the stock when the order was decided; 1 for quantity 1; quantity, if it was refused for that',
      ADD COLUMN quantity SMALLINT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'units' ${isMariaDb ? CHECK : ''},
      ADD COLUMN units_left INT NULL COMMENT 'of a sold-out order of several units: how many were left; NULL: not known, or none',
      ADD COLUMN reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the shop''s',
      ADD COLUMN metadata TEXT NULL COMMENT 'the shop''s: a JSON object of texts'
      ${isMariaDb ? '' : `, ADD CONSTRAINT quantity_within_limit ${CHECK}`}`);
  }
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock_order', 'quantity')) {
    const dropCheck = (await usesMariaDb(knex)) ? '' : 'DROP CHECK quantity_within_limit,';
    await knex.raw(`
    ALTER TABLE stock_order ${dropCheck} DROP COLUMN quantity, DROP COLUMN max_per_order, DROP COLUMN units_left,
      DROP COLUMN reference, DROP COLUMN metadata, MODIFY COLUMN state ENUM(${STATES}) NOT NULL`);
  }
  if (await hasColumn('stock', 'max_per_order')) await knex.raw('ALTER TABLE stock DROP COLUMN max_per_order');
}

async function usesMariaDb(knex: Knex): Promise<boolean> {
  const [[server]] = await knex.raw('SELECT VERSION() AS version');
  return String(server.version).includes('MariaDB');
}
