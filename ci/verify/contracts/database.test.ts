import type { Knex } from 'knex';
import t from 'tap';
import { realPace } from '../../../db/mysql/repeat-transaction.ts';
import { makeStock } from '../../testing/orders/make-stock.ts';
import { openPool, openTestDatabase } from '../../testing/servers/open-test-database.ts';
import { openDatabase } from '../simulate/database/open-database.ts';
import { openDatabasePool } from '../simulate/database/open-database-pool.ts';
import { startProcess } from '../simulate/processes/start-process.ts';
import { type ContractConnection, databaseContract } from './database-contract.ts';
import { openStillWorld } from './open-still-world.ts';

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
        // A connection's own error has no number in the stand-in, and a meaningless one in mysql2.
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
      // A pool that is closed waits for all it has lent.
      void mysql.client.releaseConnection(raw);
    },
  };
}

t.test('MariaDB', (t) => {
  databaseContract(t, async (t) => {
    const { mysql, url } = await openTestDatabase(t);
    return {
      mysql,
      connect: (idleMs = 0) =>
        connectionOf(openPool(t, url, 1), [
          `SET SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_MS / 1000}`,
          ...(idleMs > 0 ? [`SET SESSION wait_timeout = ${idleMs / 1000}`] : []),
        ]),
      makeStock: (count) => makeStock(mysql, { count }),
      pace: realPace,
      drive: (work) => work(),
    };
  });
  t.end();
});

t.test('its stand-in', (t) => {
  databaseContract(t, async () => {
    const { world, time, drive } = openStillWorld();
    const database = openDatabase(time, { lockWaitMs: LOCK_WAIT_MS });
    let stocks = 0;
    const pool = (idleMs: number) => {
      stocks += 1;
      return openDatabasePool(world, startProcess(time, `process-${stocks}`), database, { maxConnections: 9, idleMs });
    };
    return {
      mysql: pool(60_000),
      connect: (idleMs = 0) => connectionOf(pool(idleMs || 60_000)),
      async makeStock(count) {
        stocks += 1;
        database.insert('stock', { id: stocks, count, price_cents: 1999 });
        return stocks;
      },
      pace: { clock: startProcess(time, 'test').clock, random: () => 0.5 },
      drive,
    };
  });
  t.end();
});
