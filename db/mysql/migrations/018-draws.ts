import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// Draws and lines: buyers enter, get a place, and get an offer in the sequence of the places (docs/draws.md). Processes of the release
// before read none of it: a stock has a mode other than rush only where DRAWS=on, when all processes run this release.

/** Read by ci/ops/release: why this fits beside the release before. */
export const compatible =
  'the lists of states and deciders only get one more at their ends, the columns have defaults, and the unique keys are of new tables';

const STATES = `'awaiting_payment', 'paid', 'refunded', 'expired', 'cancelled', 'sold_out', 'duplicate', 'paused', 'not_open', 'closed',
  'price_above_max', 'quantity_above_max'`;
const DECIDERS = `'log', 'direct', 'ladder'`;

export async function up(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  if (!(await hasColumn('stock', 'mode'))) {
    await knex.raw(`
    ALTER TABLE stock
      ADD COLUMN mode ENUM('rush', 'draw', 'line') NOT NULL DEFAULT 'rush' COMMENT 'how units find their buyers',
      ADD COLUMN offers_only BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'units go to offers; any other order is refused. Its changes move the version'`);
  }
  await knex.raw(`
    ALTER TABLE stock_order
      MODIFY COLUMN state ENUM(${STATES}, 'entry_required') NOT NULL,
      MODIFY COLUMN decided_by ENUM(${DECIDERS}, 'offer') NOT NULL`);
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS draw (
      sid BIGINT NOT NULL,
      attempt SMALLINT UNSIGNED NOT NULL COMMENT '1; one more after each void attempt',
      draw_id BINARY(32) NOT NULL COMMENT 'SHA-256 of rules',
      rules VARBINARY(4000) NOT NULL COMMENT 'the bytes of the published rules file',
      seed BINARY(32) NOT NULL COMMENT 'secret until stated',
      state ENUM('taking', 'closed', 'stated', 'drawn', 'void') NOT NULL DEFAULT 'taking'
        COMMENT 'taking: entries may come, in their window',
      entries_open_at DATETIME(3) NOT NULL,
      entries_close_at DATETIME(3) NOT NULL,
      entry_count BIGINT NULL COMMENT 'leaves of the tree, from closed on',
      root BINARY(32) NULL,
      statement VARBINARY(64) NULL COMMENT 'the signature',
      stated_at DATETIME(3) NULL,
      beacon_round BIGINT NULL COMMENT 'NULL: no beacon',
      randomness BINARY(32) NULL,
      beacon_signature VARBINARY(96) NULL,
      drawn_at DATETIME(3) NULL,
      last_place BIGINT NOT NULL DEFAULT 0 COMMENT 'the highest place that was given',
      offered_place BIGINT NOT NULL DEFAULT 0 COMMENT 'entries up to this place had their turn',
      void_reason VARCHAR(200) NULL,
      ended_at DATETIME(3) NULL COMMENT 'the line ended',
      claimed_until DATETIME(3) NULL COMMENT 'a worker closes, states or draws it',
      PRIMARY KEY (sid, attempt),
      UNIQUE INDEX one_draw_id (draw_id),
      INDEX due (state, entries_close_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  await knex.raw(`
    CREATE TABLE IF NOT EXISTS entry (
      sid BIGINT NOT NULL,
      entry_id BINARY(32) NOT NULL,
      attempt SMALLINT UNSIGNED NOT NULL COMMENT 'the draw of this id; 0: it left before that draw closed',
      buyer VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'NULL: erased',
      salt BINARY(32) NULL COMMENT 'NULL: erased',
      state ENUM('waiting', 'offered', 'left') NOT NULL DEFAULT 'waiting',
      entered_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      place BIGINT NULL COMMENT 'NULL: before the draw',
      order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of the offer',
      ended_at DATETIME(3) NULL COMMENT 'offered or left',
      PRIMARY KEY (sid, entry_id),
      UNIQUE INDEX one_entry (sid, buyer),
      INDEX places (sid, place),
      INDEX of_order (order_no)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn } = inspectSchema(knex);
  await knex.raw('DROP TABLE IF EXISTS entry');
  await knex.raw('DROP TABLE IF EXISTS draw');
  if (await hasColumn('stock', 'mode')) {
    await knex.raw(`
    ALTER TABLE stock_order MODIFY COLUMN state ENUM(${STATES}) NOT NULL, MODIFY COLUMN decided_by ENUM(${DECIDERS}) NOT NULL`);
    await knex.raw('ALTER TABLE stock DROP COLUMN mode, DROP COLUMN offers_only');
  }
}
