import path from 'node:path';
import { root } from '../set-up/set-up.mjs';
import type { Servers } from './start-servers.ts';
import { NGINX_PID, ORDERS_LOG } from './write-nginx-files.ts';

/** Starts what counts nginx's orders for GET /admin/live. Nobody waits for it: without it the consumers' figures stand. */
export async function startNginxCounter(servers: Servers, redisPrefix: string): Promise<void> {
  const { supervisor, redisUrls, redisUrl } = servers;
  const name = 'count-nginx';
  const nginx = path.join(supervisor.dir, 'nginx');
  await supervisor.start({
    name,
    kind: 'count-nginx',
    command: process.execPath,
    args: [path.join(root, 'ci', 'ops', 'count-nginx', 'count-nginx.ts')],
    cwd: root,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: path.join(supervisor.dir, 'compile-cache'),
      PROCESS_NAME: 'nginx',
      REDIS_URL: redisUrls['count-nginx'] ?? redisUrl,
      REDIS_PREFIX: redisPrefix,
      ORDERS_LOG: path.join(nginx, ORDERS_LOG),
      NGINX_PID: path.join(nginx, NGINX_PID),
    },
    logFile: supervisor.logFile(name),
    stopLimitMs: 3000,
    waitUntilReady: async () => undefined,
  });
}
