import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createClient, createCluster } from 'redis';
import { createAvailability } from '../../proto/process/create-availability.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { readTlsOfUrl } from '../../proto/settings/tls-url.ts';
import { createRedisNames, type RedisNames } from './redis-names.ts';
import { redisScripts } from './redis-scripts.ts';
import type { RedisSettings } from './redis-settings.ts';

/** Maximum wait for Redis before its caller continues without it. */
export const REDIS_DEADLINE_MS = deadlines.REDIS_CALL.ms;

const RECONNECT_MAX_MS = 500;
const CONNECT_TLS_MS = 2000;

const clientOptions = {
  // A command that cannot be sent fails at once: every caller can continue without Redis.
  disableOfflineQueue: true,
  // Redis before 7.2 does not know these commands, so the ACL cannot name them for all versions.
  disableClientInfo: true,
  maintNotifications: 'disabled' as const,
  commandsQueueMaxLength: 2000,
  // The socket time-out rejects commands that were sent to a frozen Redis. The ping keeps idle connections open.
  pingInterval: 300,
  socket: {
    connectTimeout: 500,
    socketTimeout: 1000,
    reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, RECONNECT_MAX_MS) + Math.random() * 50,
  },
};

/** Of a connection to the server of a URL. */
function socketOptions(url: string) {
  const tls = readTlsOfUrl('REDIS', url);
  return tls
    ? { ...clientOptions.socket, connectTimeout: CONNECT_TLS_MS, ...tls, tls: true as const }
    : { ...clientOptions.socket };
}

function openClient(url: string) {
  const { hostname } = new URL(url);
  const socket = socketOptions(url);
  // Some servers choose their certificate by the name.
  const named = 'tls' in socket && !isIP(hostname) ? { ...socket, servername: hostname } : socket;
  return createClient({ ...clientOptions, url, socket: named, scripts: redisScripts });
}

type Client = ReturnType<typeof openClient>;

/** A client with the names of this system's keys and channels. */
export type RedisClient = Client & { readonly names: RedisNames };

/**
 * A connection to Redis, or to a cluster when REDIS_URL names several nodes, separated by commas. It connects in the background and
 * reconnects after a loss; meanwhile commands reject at once. A subscriber needs a separate connection.
 */
export function connectRedis(settings: RedisSettings, logger: Logger): RedisClient {
  const urls = settings.REDIS_URL.split(',');
  const connection = urls.length === 1 ? openClient(settings.REDIS_URL) : openCluster(urls);
  const client = Object.assign(connection, { names: createRedisNames(settings) });
  const availability = createAvailability(logger, 'Redis');
  client.on('ready', availability.up);
  client.on('error', availability.down);
  client.connect().catch(() => undefined);
  return client;
}

/**
 * The cluster's client has the same commands, but another life cycle: it searches for the nodes only once, never emits `ready`, and
 * ignores a node that is down.
 */
function openCluster(urls: string[]): Client {
  const [first = ''] = urls;
  const { username, password } = new URL(first);
  const cluster = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    defaults: {
      ...clientOptions,
      // For nodes that are not in the URLs.
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      socket: socketOptions(first),
    },
    scripts: redisScripts,
  });
  const allAnswer = () => cluster.masters.length > 0 && cluster.masters.every(({ client }) => client?.isReady);
  const find = cluster.connect.bind(cluster);
  let closed = false;
  cluster.on('disconnect', () => {
    closed = true;
  });
  cluster.on('connect', () => cluster.emit('ready'));
  cluster.on('node-ready', () => {
    if (allAnswer()) cluster.emit('ready');
  });
  cluster.on('node-error', (error) => cluster.emit('error', error));
  Object.defineProperties(cluster, {
    isReady: { get: allAnswer },
    connect: {
      value: async () => {
        for (let retries = 0; !closed; retries += 1) {
          try {
            return await find();
          } catch {
            await sleep(clientOptions.socket.reconnectStrategy(retries));
          }
        }
        return cluster;
      },
    },
  });
  return cluster as unknown as Client;
}
