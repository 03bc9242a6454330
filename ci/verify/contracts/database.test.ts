import type { Knex } from 'knex';
import t from 'tap';
import { realPace } from '../../../db/mysql/repeat-transaction.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { createPool, createTestDatabase } from '../../testing/servers/test-database.ts';
import { createDatabasePool } from '../simulate/servers/database/database-pool.ts';
import { createSimulatedDatabase } from '../simulate/servers/database/simulated-database.ts';
import { createSimulatedProcess } from '../simulate/world/simulated-process.ts';
import type { ContractConnection } from './contract-database.ts';
import { databaseContract } from './database-contract.ts';
import { createStillWorld } from './still-world.ts';

const LOCK_WAIT_MS = 1000;
const STATEMENT_MS = 20_000;

type Raw = {
  query(options: object, values: unknown[], done: (error: Error | null, result: never) => void): void;
  destroy(): void;
};

async function connectionOf(mysql: Knex, prepare: string[] = []): Promise<ContractConnection> {
  const raw = (await mysql.client.acquireConnection()) as Raw;
  const query: ContractConnection['query'] = (sql, values = []) =>
    new Promise((resolve, reject) => {
      raw.query({ sql, timeout: STATEMENT_MS }, values, (error, result) => {
        // The error of a lost connection has no number in the simulation and a meaningless one in mysql2.
        if (error && (error as { fatal?: boolean }).fatal) reject(new Error('connection lost', { cause: error }));
        else if (error) reject(error);
        else resolve(result);
      });
    });
  for (const sql of prepare) await query(sql);
  return {
    query,
    destroy() {
      raw.destroy();
      // Closing the pool waits for all its connections.
      void mysql.client.releaseConnection(raw);
    },
  };
}

t.test('MariaDB', (t) => {
  databaseContract(t, async (t) => {
    const { mysql, url } = await createTestDatabase(t);
    return {
      mysql,
      connect: (idleMs = 0) =>
        connectionOf(createPool(t, url, 1), [
          `SET SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_MS / 1000}`,
          ...(idleMs > 0 ? [`SET SESSION wait_timeout = ${idleMs / 1000}`] : []),
        ]),
      createTestStock: (count) => createTestStock(mysql, { count }),
      pace: realPace,
      drive: (work) => work(),
    };
  });
  t.end();
});

t.test('the simulated database', (t) => {
  databaseContract(t, async () => {
    const { world, time, drive } = createStillWorld();
    const database = createSimulatedDatabase(time, { lockWaitMs: LOCK_WAIT_MS });
    let stocks = 0;
    const pool = (idleMs: number) => {
      stocks += 1;
      return createDatabasePool(world, createSimulatedProcess(time, `process-${stocks}`), database, {
        maxConnections: 9,
        idleMs,
      });
    };
    return {
      mysql: pool(60_000),
      connect: (idleMs = 0) => connectionOf(pool(idleMs || 60_000)),
      async createTestStock(count) {
        stocks += 1;
        database.insert('stock', { id: stocks, count, price_cents: 1999 });
        return stocks;
      },
      pace: { clock: createSimulatedProcess(time, 'test').clock, random: () => 0.5 },
      drive,
    };
  });
  t.end();
});
