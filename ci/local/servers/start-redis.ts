import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type RedisKind, redisKinds, redisUsers } from '../../../db/redis/redis-users.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { findProgram } from '../set-up/find-program.mjs';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { exchange } from './exchange.ts';
import { keepSecret } from './keep-secret.ts';

const READY_LIMIT_MS = 15_000;

/** `redisUrls`: with the user of each kind of process. `redisUrl`: for processes without such a user. */
export type RedisAddresses = {
  redisUrl: string;
  redisUrls: Partial<Record<RedisKind, string>>;
  redisAdminUrl: string;
};

/** Starts Redis without persistence: losing its data costs speed only. Returns its URL for each user. `others`: more arguments. */
export async function startRedis(
  supervisor: Supervisor,
  port: number,
  prefix: string,
  others: string[] = [],
): Promise<RedisAddresses> {
  const command = findProgram('redis-server');
  if (!command) throw new Error('redis-server is not installed. Install it or set REDIS_URL to a running server');
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
    args: [
      configFile,
      '--bind',
      '127.0.0.1',
      '--port',
      String(port),
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      dir,
      ...others,
    ],
    logFile: supervisor.logFile('redis'),
    stopLimitMs: 10_000,
    waitUntilReady: (signal) =>
      waitUntil('Redis to answer', () => ping(port, adminPassword), { limitMs: READY_LIMIT_MS, signal }),
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

/** A file, because every user can read the arguments of a process. */
function writeConfigFile(dir: string, lines: string[]): string {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, 'redis.conf');
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

function ping(port: number, password: string): Promise<void> {
  const isAnswer = (answer: Buffer) => {
    const text = answer.toString();
    if (text.includes('-')) throw new Error(text.trim());
    return text.endsWith('+PONG\r\n');
  };
  return exchange({ port, request: `AUTH ${password}\r\nPING\r\n`, limitMs: 1000, isAnswer });
}
