import { readdirSync } from 'node:fs';
import type { Knex } from 'knex';
import t from 'tap';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { emptyDatabase, migrateDatabase } from './migrate-database.ts';

type Migration = { up(knex: Knex): Promise<void>; down(knex: Knex): Promise<void> };

const folder = new URL('migrations/', import.meta.url);
const names = readdirSync(folder).sort();
const migrations: Migration[] = await Promise.all(names.map((name) => import(new URL(name, folder).href)));

/** As if the process was killed after `max` changes. Reads of the schema do not count. */
function killAfter(mysql: Knex, max: number) {
  let done = 0;
  const raw = async (sql: string, values: string[] = []) => {
    if (/^\s*SELECT/i.test(sql)) return mysql.raw(sql, values);
    if (done === max) throw new Error('killed');
    const result = await mysql.raw(sql, values);
    done += 1;
    return result;
  };
  return { knex: { raw } as unknown as Knex, done: () => done };
}

/** Every table with its columns and keys, every procedure, and the rows that the migrations insert. */
async function describe(mysql: Knex) {
  const [tables] = await mysql.raw('SHOW TABLES');
  const found: Record<string, unknown> = {};
  for (const table of tables.flatMap((row: object) => Object.values(row)) as string[]) {
    const [[row]] = await mysql.raw(`SHOW CREATE TABLE \`${table}\``);
    found[table] = row['Create Table'].replace(/ AUTO_INCREMENT=\d+/, '');
  }
  const [procedures] = await mysql.raw(
    'SELECT ROUTINE_NAME AS name, ROUTINE_DEFINITION AS text FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()',
  );
  const rows = found.stock ? (await mysql.raw('SELECT id, name, count FROM stock'))[0] : null;
  return { found, procedures, rows };
}

const straight = await createTestDatabase(t);
const whole = await describe(straight.mysql);
await emptyDatabase(straight.adminUrl);
const counter = killAfter(straight.mysql, Number.POSITIVE_INFINITY);
for (const { up } of migrations) await up(counter.knex);
const statements = counter.done();

t.test(
  `migrations that are killed between any two of their ${statements} statements run again to the same end`,
  async (t) => {
    t.ok(statements > names.length, `${statements}`);
    for (let max = 0; max <= statements; max += 1) {
      const { adminUrl, mysql } = await createTestDatabase(t, { migrate: false });
      await migrateDatabase(adminUrl);
      await emptyDatabase(adminUrl);
      const { knex } = killAfter(mysql, max);
      const run = async () => {
        for (const { up } of migrations) await up(knex);
      };
      if (max < statements) await t.rejects(run(), { message: 'killed' });
      else await run();
      await migrateDatabase(adminUrl);
      t.same(await describe(mysql), whole, `killed after ${max}`);
    }
  },
);

t.test('reverted migrations can run again too', async (t) => {
  const counting = killAfter((await createTestDatabase(t)).mysql, Number.POSITIVE_INFINITY);
  for (const { down } of migrations.toReversed()) await down(counting.knex);
  const { adminUrl, mysql } = await createTestDatabase(t);
  for (let max = 0; max < counting.done(); max += 1) {
    await migrateDatabase(adminUrl);
    const { knex } = killAfter(mysql, max);
    const run = async () => {
      for (const { down } of migrations.toReversed()) await down(knex);
    };
    await t.rejects(run(), { message: 'killed' });
    await emptyDatabase(adminUrl);
    const { found, procedures } = await describe(mysql);
    const left = Object.keys(found).filter((table) => !table.startsWith('migration'));
    t.same([...left, ...procedures], [], `killed after ${max}`);
  }
});
