import type { Knex } from 'knex';
import { waitUntil } from '../command/wait-until.ts';

/** Waits until as many statements that are LIKE the pattern run in this database, which means that a lock holds them up. */
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
