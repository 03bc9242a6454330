import type { Test } from 'tap';
import { buildPages } from '../build-pages.ts';
import { openTestNginx } from './open-test-nginx.ts';
import { openTestServers, type TestServers } from './open-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker, type TestWorker } from './start-test-system.ts';
import { waitForLog } from './wait-for-log.ts';

export type TestShop = {
  servers: TestServers;
  /** As browsers see it: through nginx, with two consumers behind it. */
  url: string;
  provider: number;
  worker: TestWorker;
};

/** A whole shop with its pages, where anybody gets a demo token. */
export async function startTestShop(t: Test, settings: Record<string, string> = {}): Promise<TestShop> {
  await buildPages();
  const servers = await openTestServers(t);
  const provider = await startTestProvider(t, servers, settings);
  const worker = await startTestWorker(t, servers, settings);
  const ofConsumers = { DEMO: 'on', ...settings };
  const consumers = [
    await startTestConsumer(t, servers, [provider], ofConsumers),
    await startTestConsumer(t, servers, [provider], ofConsumers),
  ];
  await waitForLog(t, servers, provider);
  const port = await openTestNginx(
    t,
    consumers.map((consumer) => new URL(consumer).host),
  );
  return { servers, url: `http://127.0.0.1:${port}`, provider, worker };
}
