import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Knex } from 'knex';

/** The environment of a measurement. */
export async function describeEnvironment(mysql: Knex): Promise<Record<string, unknown>> {
  const [rows] = (await mysql.raw('SELECT VERSION() AS version')) as [{ version: string }[]];
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    mysql: rows[0]?.version,
  };
}
