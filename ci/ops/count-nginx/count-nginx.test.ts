import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import t from 'tap';
import type { LiveView } from '../../../consumer/admin/live/describe-live.ts';
import { NGINX_PID, ORDERS_LOG } from '../../local/servers/write-nginx-files.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { callApi } from '../../testing/clients/call-api.ts';
import { bearer } from '../../testing/clients/create-token.ts';
import { listenToEvents } from '../../testing/clients/listen-to-events.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../testing/servers/start-test-system.ts';
import { startTestNginx } from '../../testing/servers/test-nginx.ts';
import { asKind } from '../../testing/servers/test-redis.ts';

t.test('the live figures contain answers of nginx itself, its CPU time and memory', async (t) => {
  const servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers);
  const consumer = await startTestConsumer(t, servers, [provider]);
  const dir = t.testdir({});
  const limits = { addressRate: 1, addressBurst: 20 };
  const port = await startTestNginx(t, [new URL(consumer).host], { ...limits, dir, logsOrders: true });
  const counter = spawn(process.execPath, [path.join(root, 'ci', 'ops', 'count-nginx', 'count-nginx.ts')], {
    env: {
      PATH: process.env.PATH,
      PROCESS_NAME: 'nginx',
      REDIS_URL: asKind('count-nginx', servers.redisUrl),
      ORDERS_LOG: path.join(dir, ORDERS_LOG),
      NGINX_PID: path.join(dir, NGINX_PID),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.teardown(() => end(counter));

  const headers = bearer('boss', { roles: ['admin'] });
  const listener = await listenToEvents(t, `${consumer}/api/v1/admin/live`, headers);
  const viewOf = ({ data }: { data: unknown }) => data as LiveView;
  const received = await listener.find('nginx', (event) => viewOf(event).processes[0]?.kind === 'nginx');
  t.ok((viewOf(received).processes[0]?.memoryMb ?? 0) > 1);

  const url = `http://127.0.0.1:${port}`;
  const sid = await createTestStock(servers.mysql, { count: 0 });
  const buy = (buyer: string) => callApi(url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', as: buyer });
  t.match(await buy('ann'), { status: 410 });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => buy(`buyer-${i}`)));
  // Not an order, but with the path of an order.
  t.equal((await callApi(url, `/api/v1/stocks/${sid}/orders`)).status >= 400, true);
  const limited = answers.filter(({ status }) => status === 429).length;
  t.ok(limited > 10, `${limited}`);

  const { perSecond, turnedAway } = viewOf(
    await listener.find('both', (event) => {
      const { nginxCache, nginxLimit } = viewOf(event).turnedAway;
      return nginxCache > 0 && nginxLimit > 0;
    }),
  );
  t.equal(turnedAway.limiter, 0, 'the consumers have limited no requests');
  t.ok(perSecond.requests >= perSecond.limited + turnedAway.nginxCache);
  t.ok(Math.abs(perSecond.limited - turnedAway.nginxLimit) < 0.2);
  t.equal(perSecond.errors, 0);
  await listener.find('quiet', (event) => event.atMs > received.atMs && viewOf(event).perSecond.requests === 0);

  // The live figures continue without it.
  await end(counter);
  t.equal(counter.exitCode, 0);
  await listener.find('silent', (event) => (viewOf(event).processes[0]?.ageMs ?? 0) > 3000);
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
