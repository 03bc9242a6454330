import { readFileSync } from 'node:fs';
import { listPendingMigrations } from '../../../db/mysql/migrate-database.ts';
import { readConfig } from '../../local/config.ts';
import { findBreakingChanges } from './find-breaking-changes.ts';

/**
 * Checks the pending migrations of a database. Rejects when one of them would break the running processes; resolves with a line for
 * each. An empty database needs no check.
 */
export async function checkMigrations(mysqlUrl: string): Promise<string[]> {
  const { done, pending } = await listPendingMigrations(mysqlUrl);
  if (done === 0) return [];
  const wrong = pending.flatMap(({ name, file }) =>
    findBreakingChanges(readFileSync(file, 'utf8')).map((change) => `${name} ${change}`),
  );
  if (wrong.length > 0) {
    const advice = "Add export const compatible = 'reason' to a migration that is compatible with the running code";
    throw new Error(
      `not deployed: old and new code run in parallel, and these migrations are incompatible:\n${wrong.join('\n')}\n${advice}`,
    );
  }
  return pending.map(({ name }) => `· migration ${name} … compatible`);
}

// As a command in a container, when the host cannot reach the database (roll-compose.ts).
if (import.meta.main) {
  try {
    const { MYSQL_URL, MYSQL_ADMIN_URL } = readConfig();
    for (const line of await checkMigrations(MYSQL_ADMIN_URL || MYSQL_URL)) console.log(line);
  } catch (error) {
    console.error(`✗ ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
