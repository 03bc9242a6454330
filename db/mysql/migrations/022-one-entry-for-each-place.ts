import type { Knex } from 'knex';
import { inspectSchema } from '../inspect-schema.ts';

// The database guards that no two entries of a draw have the same place. A rush may have several lines, one after another, and the places of each
// begin with 1. Before the draw places are NULL, which are never equal.

/** Read by ci/ops/release: why this fits beside the release before. */
export const compatible = 'the release before neither reads nor writes entries, and the index keeps its name';

const UNIQUE_PLACES = 'ADD UNIQUE INDEX places (sid, attempt, place)';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE entry DROP INDEX places, ${UNIQUE_PLACES}`);
}

export async function down(knex: Knex): Promise<void> {
  if (!(await inspectSchema(knex).hasIndex('entry', 'places'))) return;
  await knex.raw('ALTER TABLE entry DROP INDEX places, ADD INDEX places (sid, place)');
}
