import type { Test } from 'tap';
import type { NewStock } from '../../../db/stocks/stock-table.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { buildPages } from '../../ops/build-pages.ts';
import { createTestStock } from '../orders/create-test-stock.ts';
import { waitForLog } from '../orders/wait-for-log.ts';
import { createTestServers, type TestServers } from '../servers/create-test-servers.ts';
import {
  startTestConsumer,
  startTestProvider,
  startTestWorker,
  type TestWorker,
} from '../servers/start-test-system.ts';
import { startTestNginx } from '../servers/test-nginx.ts';

export type TestShop = {
  servers: TestServers;
  /** The address of nginx, with two consumers behind it. */
  url: string;
  provider: number;
  worker: TestWorker;
  /** Creates a stock and waits until every consumer lists it. */
  putOnSale(stock: Partial<NewStock>): Promise<number>;
};

/** A whole shop with its pages and demo tokens. */
export async function startTestShop(t: Test, settings: Record<string, string> = {}): Promise<TestShop> {
  await buildPages();
  const servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers, settings);
  const worker = await startTestWorker(t, servers, settings);
  const consumerSettings = { DEMO: 'on', ...settings };
  const consumers = [
    await startTestConsumer(t, servers, [provider], consumerSettings),
    await startTestConsumer(t, servers, [provider], consumerSettings),
  ];
  await waitForLog(t, servers, provider);
  const port = await startTestNginx(
    t,
    consumers.map((consumer) => new URL(consumer).host),
  );
  const putOnSale = async (stock: Partial<NewStock>) => {
    const sid = await createTestStock(servers.mysql, stock);
    await waitUntil(
      'every consumer to list it',
      () => Promise.all(consumers.map((consumer) => isListed(consumer, sid))),
      {
        limitMs: 10_000,
      },
    );
    return sid;
  };
  return { servers, url: `http://127.0.0.1:${port}`, provider, worker, putOnSale };
}

async function isListed(consumer: string, sid: number): Promise<void> {
  const { stocks } = (await (await fetch(`${consumer}/api/v1/stocks`)).json()) as { stocks: { sid: string }[] };
  if (!stocks.some((stock) => stock.sid === String(sid))) throw new Error(`${stocks.length} others`);
}
