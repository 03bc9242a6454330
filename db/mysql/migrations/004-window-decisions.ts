import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// Windows, pauses and prices are judged in the decision, and a refusal for one of them is a row.

/** Read by ci/ops/release: why this fits beside the release before. */
export const compatible = 'the list of states only gets four more at its end, and columns are nullable';

const STATES = `'awaiting_payment', 'paid', 'refunded', 'expired', 'cancelled', 'sold_out', 'duplicate'`;

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (!(await hasColumn('stock_order', 'judged_at'))) {
    await knex.raw(`
      ALTER TABLE stock_order
        MODIFY COLUMN state ENUM(${STATES}, 'paused', 'not_open', 'closed', 'price_above_max') NOT NULL,
        ADD COLUMN judged_at DATETIME(3) NULL COMMENT 'time by which the window was judged; NULL: before this was kept'`);
  }
  if (!(await hasColumn('stock', 'window_changed_at'))) {
    await knex.raw(`
      ALTER TABLE stock
        ADD COLUMN window_changed_at DATETIME(3) NULL COMMENT 'when window or pause last changed; NULL: never'`);
  }
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (await hasColumn('stock', 'window_changed_at')) await knex.raw('ALTER TABLE stock DROP COLUMN window_changed_at');
  if (await hasColumn('stock_order', 'judged_at')) {
    await knex.raw(`
      ALTER TABLE stock_order DROP COLUMN judged_at, MODIFY COLUMN state ENUM(${STATES}) NOT NULL`);
  }
}
