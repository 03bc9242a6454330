import { readFileSync } from 'node:fs';
import { listPendingMigrations } from '../../../db/mysql/migrate-database.ts';
import { readConfig } from '../../local/config.ts';
import { findBreakingChanges } from './find-breaking-changes.ts';

/**
 * Looks at the migrations that this database has not had yet. Throws when one of them would break the processes that run now;
 * resolves with a line for each. On an empty database nothing can break.
 */
export async function checkMigrations(mysqlUrl: string): Promise<string[]> {
  const { done, pending } = await listPendingMigrations(mysqlUrl);
  if (done === 0) return [];
  const wrong = pending.flatMap(({ name, file }) =>
    findBreakingChanges(readFileSync(file, 'utf8')).map((change) => `${name} ${change}`),
  );
  if (wrong.length > 0) {
    const advice = "export const compatible = 'why' in the file says that the code that runs now can live with it";
    throw new Error(
      `not deployed, nothing was changed. Old and new code run side by side:\n${wrong.join('\n')}\n${advice}`,
    );
  }
  return pending.map(({ name }) => `· migration ${name} … compatible`);
}

// As a command, where the database can only be reached from inside: docker compose run prepare ci/ops/release/check-migrations.ts
if (import.meta.main) {
  try {
    const { MYSQL_URL, MYSQL_ADMIN_URL } = readConfig();
    for (const line of await checkMigrations(MYSQL_ADMIN_URL || MYSQL_URL)) console.log(line);
  } catch (error) {
    console.error(`✗ ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
