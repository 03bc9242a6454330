import path from 'node:path';
import { startNodeProcess } from '../supervisor/start-node-process.ts';
import type { Servers } from './start-servers.ts';
import { NGINX_PID, ORDERS_LOG } from './write-nginx-files.ts';

/** Starts the process that counts nginx's orders for GET /admin/live. Without it that shows the figures of the consumers. */
export async function startNginxCounter(servers: Servers, redisPrefix: string): Promise<void> {
  const { supervisor, redisUrls, redisUrl } = servers;
  const nginx = path.join(supervisor.dir, 'nginx');
  await startNodeProcess(supervisor, {
    name: 'count-nginx',
    kind: 'count-nginx',
    script: 'ci/ops/count-nginx/count-nginx.ts',
    env: {
      PROCESS_NAME: 'nginx',
      REDIS_URL: redisUrls['count-nginx'] ?? redisUrl,
      REDIS_PREFIX: redisPrefix,
      ORDERS_LOG: path.join(nginx, ORDERS_LOG),
      NGINX_PID: path.join(nginx, NGINX_PID),
    },
    stopLimitMs: 3000,
    waitUntilReady: async () => undefined,
  });
}
