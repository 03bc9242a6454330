import type { Knex } from 'knex';

/**
 * Reads the information schema of this database. DDL commits at once, so a migration that was killed half-way runs again from its
 * first statement: a statement that would fail the second time checks the schema first.
 */
export function inspectSchema(knex: Knex) {
  const holds = async (view: string, where: string, values: string[]): Promise<boolean> => {
    const sql = `SELECT COUNT(*) AS n FROM information_schema.${view} WHERE TABLE_SCHEMA = DATABASE() AND ${where}`;
    const [[row]] = await knex.raw(sql, values);
    return Number(row.n) > 0;
  };
  return {
    hasColumn: (table: string, column: string) =>
      holds('COLUMNS', 'TABLE_NAME = ? AND COLUMN_NAME = ?', [table, column]),
    hasIndex: (table: string, index: string) =>
      holds('STATISTICS', 'TABLE_NAME = ? AND INDEX_NAME = ?', [table, index]),
  };
}
