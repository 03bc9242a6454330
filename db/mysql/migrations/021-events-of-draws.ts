import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// Events of offers, and those of draws, whose `order_no` is the stock and the attempt, such as '1001/1' (db/draws/draw-event-table.ts).

/** Read by ci/ops/release: why this fits beside the release before. */
export const compatible = 'the list of types only gets more at its end, and only where DRAWS=on are they written';

const TYPES = `'confirmed', 'paid', 'expired', 'cancelled', 'refunded'`;
const ADDED = `'offer_made', 'offer_expired', 'stated', 'drawn', 'line_ended'`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE order_event MODIFY COLUMN type ENUM(${TYPES}, ${ADDED}) NOT NULL
      COMMENT 'EVENT_SEQUENCE has the sequence in which they can happen'`);
}

export async function down(knex: Knex): Promise<void> {
  if (!(await inspectSchema(knex).hasColumn('order_event', 'type'))) return;
  await knex.raw(`DELETE FROM order_event WHERE type IN (${ADDED})`);
  await knex.raw(`
    ALTER TABLE order_event MODIFY COLUMN type ENUM(${TYPES}) NOT NULL COMMENT 'in the sequence in which they can happen'`);
}
