import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { auditSystem } from '../../ops/audit/audit-system.ts';
import { testEnvironment, testSecrets } from '../clients/create-token.ts';
import { createTestServers, type TestServers } from './create-test-servers.ts';
import { startTestNginx } from './test-nginx.ts';
import { asKind } from './test-redis.ts';

const READY_WITHIN_MS = 60_000;
const TABLES = ['stock', 'stock_order', 'payment', 'payment_event'];

export const targetSecrets = {
  ...testSecrets,
  PROVIDER_TOKEN: 'n4Vx8Kc2Pw6Zr1Tm5Yb9Qd3Jf7Lh0Gs4',
  WEBHOOK_SECRET: `whsec_${Buffer.from('Kq8#vL2!mZ7@pX4$wN9%tB3^').toString('base64')}`,
};

export type Target = {
  servers: TestServers;
  nginxPort: number;
  url: string;
  providerPort: number;
  /** The logs of all processes. */
  logs(): string;
  /** Makes the current rows the expected state. */
  settle(): Promise<void>;
  /** Asserts that no row has changed, the audit passes, and every process is running. */
  isUnharmed(t: Test): Promise<void>;
};

/** One process of each kind behind nginx, with the log level trace, as a target of hostile input. */
export async function startTarget(t: Test, settings: Record<string, string> = {}): Promise<Target> {
  const servers = await createTestServers(t);
  const [consumer = 0, provider = 0, ...health] = await findFreePorts(5);
  const common = {
    ...testEnvironment,
    PATH: process.env.PATH,
    LOG_LEVEL: 'trace',
    DRAIN_MS: '0',
    ...targetSecrets,
    MYSQL_URL: servers.mysqlUrl,
    KAFKA_BROKERS: servers.topics.brokers,
    TOPIC_PREFIX: servers.topics.prefix,
    CONSUMER_PORT: String(consumer),
    PROVIDER_PORT: String(provider),
    PROVIDERS: `127.0.0.1:${provider}`,
    GATEWAY_URL: `http://127.0.0.1:${consumer}/sandbox-gateway`,
    // Beside other tests the event loop is late now and then, and callers would be refused.
    DEMO: 'on',
    LADDER: 'on',
    CORS_ORIGINS: 'https://shop.example',
    EVENT_LOOP_DELAY_MS: '0',
    ...settings,
  };
  const kinds = ['provider', 'order-worker', 'consumer'] as const;
  let logs = '';
  const running: ChildProcess[] = [];
  for (const [index, kind] of kinds.entries()) {
    const REDIS_URL = asKind(kind, servers.redisUrl);
    const env = { REDIS_URL, ...common, METRICS_PORT: String(health[index]), PROCESS_NAME: `${kind}-1` };
    const child = spawn(process.execPath, [path.join(root, kind, 'main.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        logs += part;
      });
    }
    running.push(child);
    t.teardown(() => end(child));
    // A test that crashes has no teardown.
    process.once('exit', () => child.kill('SIGKILL'));
    await waitUntil(kind, () => ask(health[index] as number, child), { limitMs: READY_WITHIN_MS }).catch((error) => {
      throw new Error(`${error.message}: ${logs.slice(-2000)}`, { cause: error });
    });
  }
  const nginxPort = await startTestNginx(t, [`127.0.0.1:${consumer}`]);
  const { mysql } = servers;

  async function checksum(): Promise<string> {
    const [rows] = (await mysql.raw(`CHECKSUM TABLE ${TABLES.join(', ')}`)) as [object[]];
    return JSON.stringify(rows);
  }
  let before = await checksum();

  return {
    servers,
    nginxPort,
    url: `http://127.0.0.1:${nginxPort}`,
    providerPort: provider,
    logs: () => logs,
    async settle() {
      before = await checksum();
    },
    async isUnharmed(t) {
      const now = await checksum();
      t.equal(now, before, 'no row has changed');
      const { brokers, prefix } = servers.topics;
      const { ORDER_RECORD_KEY: orderRecordKey } = testEnvironment;
      const addresses = { mysqlUrl: servers.mysqlUrl, kafkaBrokers: brokers, topicPrefix: prefix, orderRecordKey };
      const audit = await auditSystem(addresses);
      t.ok(audit.ok, JSON.stringify([audit.log, ...audit.stocks.filter(({ ok }) => !ok)]));
      for (const [index, child] of running.entries()) {
        t.equal(child.exitCode ?? child.signalCode, null, `${kinds[index]} has not been restarted`);
        await t.resolves(ask(health[index] as number, child), `${kinds[index]} is ready`);
      }
      t.notMatch(logs, /unhandled error|"level":60/, 'no unhandled error was logged');
    },
  };
}

async function ask(port: number, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`ended with code ${child.exitCode}`);
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) });
  if (!response.ok) throw new Error(await response.text());
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}
