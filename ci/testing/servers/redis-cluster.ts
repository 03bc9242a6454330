import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createClient } from 'redis';
import type { Test } from 'tap';
import { redisUsers } from '../../../db/redis/redis-users.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { findProgram } from '../../local/set-up/find-program.mjs';
import { splitRules } from './test-redis.ts';

/** A user with the rights of all processes. */
const PROCESSES = 'processes';
const MASTERS = 3;
const SLOTS = 16_384;
const READY_WITHIN_MS = 20_000;

export type RedisCluster = {
  /** redis://…,… of all nodes, for the processes. */
  url: string;
  /** Kills a node. */
  kill(index: number): Promise<void>;
  /** Starts a node again, with its cluster state. */
  restart(index: number): Promise<void>;
};

/** Three masters with a password, for one test file. */
export async function startRedisCluster(t: Test, password: string): Promise<RedisCluster> {
  const program = findProgram('redis-server');
  if (!program) throw new Error('redis-server is not installed');
  const dir = t.testdir(Object.fromEntries(Array.from({ length: MASTERS }, (_, index) => [`node-${index}`, {}])));
  const ports = await findFreePorts(2 * MASTERS);
  const portOf = (index: number) => ports[index] as number;
  const busPortOf = (index: number) => ports[MASTERS + index] as number;
  const urlOf = (index: number, user = '') => `redis://${user}:${password}@127.0.0.1:${portOf(index)}`;
  const start = (index: number) => {
    const bind = ['--bind', '127.0.0.1', '--port', String(portOf(index)), '--cluster-port', String(busPortOf(index))];
    const secret = ['--requirepass', password, '--masterauth', password];
    const rules = Object.values(redisUsers('')).flatMap((user) => splitRules(user.rules));
    const user = ['--user', PROCESSES, 'on', `>${password}`, ...rules];
    const others = ['--save', '', '--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
    const args = [...bind, ...secret, ...user, ...others, '--dir', path.join(dir, `node-${index}`)];
    return spawn(program, args, { stdio: 'ignore' });
  };
  const indexes = Array.from({ length: MASTERS }, (_, index) => index);
  const nodes = indexes.map(start);
  const kill = async (index: number) => {
    const node = nodes[index];
    if (!node || node.exitCode !== null || node.signalCode !== null) return;
    const exited = once(node, 'exit');
    node.kill('SIGKILL');
    await exited;
  };
  t.teardown(() => Promise.all(indexes.map(kill)));

  /** Sends a command to a node on a new connection. */
  async function send(index: number, ...command: string[]): Promise<string> {
    const client = createClient({ url: urlOf(index), socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return String(await client.sendCommand(command));
    } finally {
      client.destroy();
    }
  }
  const waitUntilJoined = () =>
    waitUntil(
      'the cluster',
      async () => {
        for (const index of indexes) {
          const info = await send(index, 'CLUSTER', 'INFO');
          if (!info.includes('cluster_state:ok')) throw new Error(`node ${index}: ${info.split('\r\n')[0]}`);
        }
      },
      { limitMs: READY_WITHIN_MS },
    );

  for (const index of indexes) {
    const from = Math.floor((index * SLOTS) / MASTERS);
    const to = Math.floor(((index + 1) * SLOTS) / MASTERS) - 1;
    await waitUntil('Redis', () => send(index, 'PING').then(() => undefined), { limitMs: READY_WITHIN_MS });
    await send(index, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    if (index > 0) await send(0, 'CLUSTER', 'MEET', '127.0.0.1', String(portOf(index)), String(busPortOf(index)));
  }
  await waitUntilJoined();
  return {
    url: indexes.map((index) => urlOf(index, PROCESSES)).join(','),
    kill,
    async restart(index) {
      nodes[index] = start(index);
      await waitUntilJoined();
    },
  };
}
