import type { Knex } from 'knex';
import { waitUntil } from '../command/wait-until.ts';

/** Waits until `count` statements that are LIKE the pattern are running in this database, because they wait for a lock. */
export async function waitForStatements(mysql: Knex, like: string, count: number): Promise<void> {
  await waitUntil(
    `${count} statements like ${like}`,
    async () => {
      const [[row]] = await mysql.raw(
        `SELECT COUNT(*) AS n FROM information_schema.processlist
         WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command = 'Query' AND info LIKE ?`,
        [like],
      );
      if (row.n < count) throw new Error(`${row.n} run`);
    },
    { limitMs: 5000 },
  );
}
