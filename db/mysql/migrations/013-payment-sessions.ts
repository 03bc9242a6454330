import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// Sessions at real gateways. The columns are at the end of the row and NULL or 0: added at once, whatever the number of rows. Processes of
// the release before leave them out, and find no new state.

export async function up(knex: Knex): Promise<void> {
  const { hasColumn, hasIndex } = inspectSchema(knex);
  if (!(await hasColumn('payment', 'gateway'))) {
    await knex.raw(`
    ALTER TABLE payment
      ADD COLUMN gateway VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'NULL: one without sessions',
      ADD COLUMN return_url VARCHAR(2048) CHARACTER SET ascii COLLATE ascii_bin NULL,
      ADD COLUMN session_until DATETIME(3) NULL COMMENT 'stored before the session is opened, as return_url',
      ADD COLUMN session_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the gateway''s; NULL: no buyer has seen its page',
      ADD COLUMN session_url VARCHAR(2048) CHARACTER SET ascii COLLATE ascii_bin NULL,
      ADD COLUMN session_next_at DATETIME(3) NULL COMMENT 'next look at the gateway; NULL: the session is settled',
      ADD COLUMN session_tries INT NOT NULL DEFAULT 0,
      ADD COLUMN session_ended_at DATETIME(3) NULL COMMENT 'from then on it brings no money',
      ADD COLUMN charge_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the gateway''s id of the money',
      ADD COLUMN refund_pending_at DATETIME(3) NULL COMMENT 'the gateway has accepted the refund',
      ADD COLUMN refund_failure VARCHAR(200) NULL COMMENT 'the gateway refuses the refund: a person must act',
      ADD COLUMN returned_cents BIGINT NULL COMMENT 'refunded at the gateway, also by hand',
      ADD COLUMN dispute VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the gateway''s word for its state'`);
  }
  if (!(await hasIndex('payment', 'sessions_due'))) {
    await knex.raw('ALTER TABLE payment ADD INDEX sessions_due (session_next_at)');
  }
}

export async function down(knex: Knex): Promise<void> {
  const { hasColumn, hasIndex } = inspectSchema(knex);
  if (await hasIndex('payment', 'sessions_due')) await knex.raw('ALTER TABLE payment DROP INDEX sessions_due');
  if (!(await hasColumn('payment', 'gateway'))) return;
  await knex.raw(`
    ALTER TABLE payment DROP COLUMN gateway, DROP COLUMN return_url, DROP COLUMN session_until, DROP COLUMN session_id,
      DROP COLUMN session_url, DROP COLUMN session_next_at, DROP COLUMN session_tries, DROP COLUMN session_ended_at,
      DROP COLUMN charge_id, DROP COLUMN refund_pending_at, DROP COLUMN refund_failure, DROP COLUMN returned_cents,
      DROP COLUMN dispute`);
}
