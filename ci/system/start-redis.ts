import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';
import { findProgram } from '../set-up/find-program.mjs';
import type { Supervisor } from './open-supervisor.ts';
import { waitUntil } from './wait-until.ts';

const readyLimitMs = 15_000;
const pingLimitMs = 1000;

/** Starts Redis, which keeps nothing on disk: losing all of it costs speed only. Returns its URL. */
export async function startRedis(supervisor: Supervisor, port: number): Promise<string> {
  const command = findProgram('redis-server');
  if (!command) throw new Error('redis-server is not installed, or set REDIS_URL to a server that runs');
  const dir = path.join(supervisor.dir, 'redis');
  mkdirSync(dir, { recursive: true });
  await supervisor.start({
    name: 'redis',
    kind: 'redis',
    command,
    args: ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', dir],
    logFile: supervisor.logFile('redis'),
    stopLimitMs: 10_000,
    waitUntilReady: (signal) => waitUntil('Redis to answer', () => ping(port), { limitMs: readyLimitMs, signal }),
  });
  return `redis://127.0.0.1:${port}`;
}

/** PING by hand: a client would bring its own ideas about when to try again. */
function ping(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = createConnection({ port, host: '127.0.0.1', timeout: pingLimitMs }, () => socket.write('PING\r\n'));
  socket.on('data', (data) => {
    if (data.toString().startsWith('+PONG')) resolve();
    else reject(new Error(data.toString().trim()));
  });
  socket.on('timeout', () => reject(new Error('no answer')));
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('connection closed')));
  return promise.finally(() => socket.destroy());
}
