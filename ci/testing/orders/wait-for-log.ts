import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { connectTestClient } from '../clients/connect-test-client.ts';
import type { TestServers } from '../servers/create-test-servers.ts';
import { createTestStock } from './create-test-stock.ts';

/** Waits until a provider is connected to the log. Before that its decisions are direct. */
export async function waitForLog(t: Test, { mysql }: TestServers, port: number): Promise<void> {
  const client = connectTestClient(t, port);
  const sid = await createTestStock(mysql, { kind: 'ladder', count: 1000 });
  await waitUntil(
    'the log to take orders',
    async () => {
      const { outcome } = await client.createOptimisticOrderUseRedisAndKafka({ sid });
      if (outcome !== 'QUEUED') throw new Error(outcome);
    },
    { limitMs: 20_000 },
  );
}
