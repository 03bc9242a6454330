import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';
import { type RedisKind, redisKinds, redisUsers } from '../../../db/redis/redis-users.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { findProgram } from '../set-up/find-program.mjs';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { keepSecret } from './keep-secret.ts';

const readyLimitMs = 15_000;
const pingLimitMs = 1000;

/** `redisUrl`: for every process where there are no users of their kinds, else without a user. */
export type RedisAddresses = {
  redisUrl: string;
  redisUrls: Partial<Record<RedisKind, string>>;
  redisAdminUrl: string;
};

/** Starts Redis, which keeps nothing on disk: losing all of it costs speed only. Returns its URL for each user. */
export async function startRedis(supervisor: Supervisor, port: number, prefix: string): Promise<RedisAddresses> {
  const command = findProgram('redis-server');
  if (!command) throw new Error('redis-server is not installed, or set REDIS_URL to a server that runs');
  const dir = path.join(supervisor.dir, 'redis');
  const adminPassword = keepSecret(path.join(dir, 'admin-password'), makePassword);
  const users = redisKinds.map((kind) => {
    const password = keepSecret(path.join(dir, `${kind}-password`), makePassword);
    return { kind, password, ...redisUsers(prefix)[kind] };
  });
  const lines = users.map(({ name, password, rules }) => `user ${name} on >${password} ${rules}`);
  lines.unshift(`requirepass ${adminPassword}`);
  const configFile = writeConfigFile(dir, lines);
  await supervisor.start({
    name: 'redis',
    kind: 'redis',
    command,
    args: [configFile, '--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', dir],
    logFile: supervisor.logFile('redis'),
    stopLimitMs: 10_000,
    waitUntilReady: (signal) =>
      waitUntil('Redis to answer', () => ping(port, adminPassword), { limitMs: readyLimitMs, signal }),
  });
  return {
    redisUrl: `redis://127.0.0.1:${port}`,
    redisUrls: Object.fromEntries(
      users.map(({ kind, name, password }) => [kind, `redis://${name}:${password}@127.0.0.1:${port}`]),
    ),
    redisAdminUrl: `redis://:${adminPassword}@127.0.0.1:${port}`,
  };
}

function makePassword(): string {
  return randomBytes(24).toString('hex');
}

/** A file, because arguments can be read by everybody on the machine. */
function writeConfigFile(dir: string, lines: string[]): string {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, 'redis.conf');
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

/** PING by hand: a client would bring its own ideas about when to try again. */
function ping(port: number, password: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = createConnection({ port, host: '127.0.0.1', timeout: pingLimitMs }, () =>
    socket.write(`AUTH ${password}\r\nPING\r\n`),
  );
  let said = '';
  socket.on('data', (data) => {
    said += data.toString();
    if (said.endsWith('+PONG\r\n')) resolve();
    else if (said.includes('-')) reject(new Error(said.trim()));
  });
  socket.on('timeout', () => reject(new Error('no answer')));
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('connection closed')));
  return promise.finally(() => socket.destroy());
}
