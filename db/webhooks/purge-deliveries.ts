import type { Database } from '../mysql/database.ts';
import { type Pace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { lockEndpoints } from './endpoint-table.ts';

export type PurgeOptions = {
  /** Maximum number of rows of one statement. */
  batch: number;
  deliveredDays: number;
  /** Days for which a dead delivery can be replayed, and after which a pending one is given up. */
  keptDays: number;
};

/** Removes what has ended long ago, and ends what waits in vain. True: there may be more. */
export async function purgeDeliveries(database: Database, options: PurgeOptions, pace: Pace): Promise<boolean> {
  const { batch, deliveredDays, keptDays } = options;
  const old = (state: 'delivered' | 'dead') =>
    `DELETE FROM webhook_delivery WHERE state = '${state}' AND ended_at < NOW(3) - INTERVAL ? DAY LIMIT ?`;
  const ownerless = 'DELETE FROM webhook_delivery WHERE endpoint_id NOT IN (SELECT id FROM webhook_endpoint) LIMIT ?';
  const removed = await database.session(async (session) => [
    await session.change(old('delivered'), [deliveredDays, batch]),
    await session.change(old('dead'), [keptDays, batch]),
    await session.change(ownerless, [batch]),
  ]);
  const ended = await endInVain(database, options, pace);
  return Math.max(...removed, ended) >= batch;
}

/** Those of disabled endpoints, and those that no endpoint took for days, are dead. */
async function endInVain(database: Database, { batch, keptDays }: PurgeOptions, pace: Pace): Promise<number> {
  return repeatTransaction(
    database,
    async (transaction) => {
      const endpoints = await lockEndpoints(transaction);
      const disabled = endpoints.filter(({ state }) => state === 'disabled').map(({ endpointId }) => endpointId);
      const end = (reason: string, where: string, values: unknown[]) =>
        transaction.change(
          `UPDATE webhook_delivery SET state = 'dead', next_try_at = NULL, claimed_until = NULL, ended_at = NOW(3),
             last_error = COALESCE(last_error, ?) WHERE state = 'pending' AND ${where} LIMIT ?`,
          [reason, ...values, batch],
        );
      const old = await end('not delivered in time', 'due_since < NOW(3) - INTERVAL ? DAY', [keptDays]);
      const gone = disabled.length > 0 ? await end('the endpoint is disabled', 'endpoint_id IN (?)', [disabled]) : 0;
      return Math.max(old, gone);
    },
    pace,
  );
}
