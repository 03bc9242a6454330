import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { root } from '../../local/set-up/set-up.mjs';
import { findBreakingChanges } from './find-breaking-changes.ts';

const migration = (up: string, before = '') =>
  `${before}\nexport async function up(knex) {\n${up}\n}\nexport async function down(knex) {\n  await knex.raw('DROP TABLE a');\n}\n`;
const raw = (sql: string) => migration(`  await knex.raw(\`${sql}\`);`);

t.test('what old code can live with passes', async (t) => {
  for (const sql of [
    'CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY, b INT NOT NULL)',
    'ALTER TABLE a ADD COLUMN b INT NULL',
    "ALTER TABLE a ADD COLUMN b CHAR(3) NOT NULL DEFAULT 'CNY', ADD COLUMN c INT NOT NULL DEFAULT 0",
    'ALTER TABLE a ADD COLUMN b INT NULL, ADD INDEX c (b)',
    'ALTER TABLE a DROP INDEX due, ADD INDEX due (b)',
    'CREATE INDEX x ON a (b)',
  ])
    t.same(findBreakingChanges(raw(sql)), [], sql);
  t.same(
    findBreakingChanges(migration("// DROP TABLE a\n/* RENAME TABLE a TO b */ knex.schema.createTable('a');")),
    [],
  );
});

t.test('what it cannot is named', async (t) => {
  for (const sql of [
    'DROP TABLE a',
    'ALTER TABLE a DROP COLUMN b',
    'ALTER TABLE a DROP b',
    'alter table a drop primary key',
    'RENAME TABLE a TO b',
    'ALTER TABLE a RENAME COLUMN b TO c',
    'ALTER TABLE a RENAME TO b',
    'ALTER TABLE a MODIFY b TINYINT',
    'ALTER TABLE a CHANGE COLUMN b c INT',
    'ALTER TABLE a ALTER COLUMN b DROP DEFAULT',
    'ALTER TABLE a ADD COLUMN b INT NOT NULL',
    'ALTER TABLE a ADD COLUMN b INT NOT NULL, ADD COLUMN c INT NOT NULL DEFAULT 0',
    'ALTER TABLE a ADD UNIQUE KEY x (b)',
    'ALTER TABLE a ADD CONSTRAINT x CHECK (b > 0)',
    'TRUNCATE TABLE a',
    'DELETE FROM a WHERE b = 1',
  ])
    t.ok(findBreakingChanges(raw(sql)).length > 0, sql);
  for (const call of ["t.dropColumn('b')", "t.renameColumn('b', 'c')", 't.integer("b").alter()', "s.dropTable('a')"])
    t.ok(findBreakingChanges(migration(call)).length > 0, call);
});

t.test('a file that says why passes', async (t) => {
  const up = "await knex.raw('ALTER TABLE a DROP COLUMN b');";
  t.same(findBreakingChanges(migration(up, "export const compatible = 'nothing has read b since 1.4';")), []);
  t.ok(findBreakingChanges(migration(up, 'export const compatible = false;')).length > 0);
});

t.test('no migration here would stop a release', async (t) => {
  const files = globSync('db/mysql/migrations/*.ts', { cwd: root });
  t.ok(files.length >= 2);
  for (const file of files) t.same(findBreakingChanges(readFileSync(path.join(root, file), 'utf8')), [], file);
});
