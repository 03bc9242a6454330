import type { Knex } from 'knex';
import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import { type ClientConnection, createClientConnection } from './client-connection.ts';
import type { SimulatedDatabase } from './simulated-database.ts';

export type PoolOptions = { maxConnections: number; idleMs: number };

/** One process's connections to the simulated database, with the part of knex that db/mysql uses. */
export function createDatabasePool(
  world: World,
  process: SimulatedProcess,
  database: SimulatedDatabase,
  { maxConnections, idleMs }: PoolOptions,
): Knex {
  const idle: { connection: ClientConnection; sinceMs: number }[] = [];
  const waiting: ((connection: ClientConnection) => void)[] = [];
  let open = 0;

  async function acquireConnection(): Promise<ClientConnection> {
    for (let next = idle.pop(); next; next = idle.pop()) {
      const { connection, sinceMs } = next;
      // The pool closes an idle connection before the server does.
      if (connection.isUsable() && world.time.nowMs() - sinceMs < idleMs * 0.6) return connection;
      connection.destroy();
      open -= 1;
    }
    if (open >= maxConnections) return new Promise((resolve) => waiting.push(resolve));
    open += 1;
    await world.travel(process, world.latencyMs());
    if (database.isUp()) return createClientConnection(world, process, database, idleMs);
    open -= 1;
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  }

  async function releaseConnection(connection: ClientConnection): Promise<void> {
    if (!connection.isUsable()) {
      open -= 1;
      const next = waiting.shift();
      if (next) acquireConnection().then(next, () => waiting.unshift(next));
      return;
    }
    const next = waiting.shift();
    if (next) next(connection);
    else idle.push({ connection, sinceMs: world.time.nowMs() });
  }
  return { client: { acquireConnection, releaseConnection } } as unknown as Knex;
}
