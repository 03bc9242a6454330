import type { Logger } from 'pino';
import { createClient, createCluster } from 'redis';
import { redisScripts } from './redis-scripts.ts';

/** Longest wait for Redis before its caller goes on without it. */
export const REDIS_DEADLINE_MS = 350;

const RECONNECT_MAX_MS = 500;

const clientOptions = {
  // A command that cannot be sent now fails now: everything here has a way to go on without Redis.
  disableOfflineQueue: true,
  commandsQueueMaxLength: 2000,
  // Also frees commands that were sent to a frozen Redis. An idle healthy connection would be closed too, hence the ping.
  pingInterval: 300,
  socket: {
    connectTimeout: 500,
    socketTimeout: 1000,
    reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, RECONNECT_MAX_MS) + Math.random() * 50,
  },
};

function openClient(url: string) {
  return createClient({ ...clientOptions, url, scripts: redisScripts });
}

export type RedisClient = ReturnType<typeof openClient>;

/**
 * A connection to Redis, or to a cluster when `url` names several nodes, separated by commas. It connects in the background
 * and again after every loss; meanwhile commands reject at once. Subscriptions need a connection of their own.
 */
export function connectRedis(url: string, logger: Logger): RedisClient {
  const urls = url.split(',');
  const client = urls.length === 1 ? openClient(url) : openCluster(urls);
  let wasUp = true;
  client.on('ready', () => {
    if (!wasUp) logger.info('Redis answers again');
    wasUp = true;
  });
  client.on('error', (error: Error) => {
    if (wasUp) logger.warn({ err: error.message }, 'Redis does not answer');
    wasUp = false;
  });
  client.connect().catch(() => undefined);
  return client;
}

/** The cluster's client has the commands in use here under the same names. */
function openCluster(urls: string[]): RedisClient {
  const { disableOfflineQueue, ...defaults } = clientOptions;
  const rootNodes = urls.map((url) => ({ url }));
  return createCluster({
    rootNodes,
    defaults: { ...defaults, disableOfflineQueue },
    scripts: redisScripts,
  }) as unknown as RedisClient;
}
