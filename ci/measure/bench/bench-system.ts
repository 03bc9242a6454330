import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KafkaAddress } from '../../../proto/settings/kafka-security.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { readConfig } from '../../local/config.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { planFreePorts } from '../../local/ports/plan-free-ports.ts';
import { startNginx } from '../../local/servers/start-nginx.ts';
import type { Supervisor } from '../../local/supervisor/start-supervisor.ts';
import { planProcesses, readOrMakeSecrets, type Secrets } from '../../local/system/plan-system.ts';
import { type Detours, startSystem } from '../../local/system/start-system.ts';

export type BenchSystem = {
  /** nginx in front of the consumers. */
  url: string;
  /** The same nginx without its cache of sold-out responses. */
  uncachedUrl: string;
  /** The same nginx in front of bare Fastify. */
  bareUrl: string;
  mysqlUrl: string;
  topicPrefix: string;
  redisAdminUrl: string;
  redisPrefix: string;
  mysqlAdminUrl: string;
  providers: string[];
  /** host:port of each consumer and of each bare server. */
  consumers: string[];
  bareServers: string[];
  /** URLs of the consumers' metrics. */
  consumerMetrics: string[];
  /** URLs of the providers' metrics. */
  providerMetrics: string[];
  /** URLs of the order-workers' metrics. */
  workerMetrics: string[];
  secrets: Secrets;
  supervisor: Supervisor;
  /** Process ids of processes and servers, by name. */
  pids(): Map<string, number>;
} & KafkaAddress;

type BenchSystemOptions = {
  dir: string;
  processes: number;
  /** Of consumers, providers and order-workers. */
  settings?: Record<string, string>;
  print: (line: string) => void;
  onOpen: (supervisor: Supervisor) => void;
};

const READY_LIMIT_MS = 15_000;

/** Starts a system on free ports and one bare server per consumer, behind a separate nginx. */
export async function startBenchSystem(options: BenchSystemOptions): Promise<BenchSystem> {
  const { dir, processes, settings = {}, print, onOpen } = options;
  const env = { ...process.env, ...(await planFreePorts()) };
  const detours: Detours = {
    consumer: (address) => address,
    environment: (_, direct) => ({ ...direct, ...settings }),
    kafka: [],
  };
  const system = await startSystem({ dir, env, processes, print, onOpen, detours });
  const { supervisor } = system;
  const config = readConfig(env);
  const secrets = readOrMakeSecrets(dir, config);
  const [bareNginxPort = 0, uncachedPort = 0, ...barePorts] = await findFreePorts(2 + processes);
  const bare: string[] = [];
  for (const [index, port] of barePorts.entries()) {
    bare.push(`127.0.0.1:${port}`);
    await startBare(supervisor, index, {
      ...env,
      ...secrets,
      REDIS_URL: system.redisUrls.consumer ?? system.redisUrl,
      CONSUMER_PORT: String(port),
    });
  }
  const bareUrl = await startNginx(supervisor, bareNginxPort, bare, { name: 'nginx-bare' });
  const uncachedUrl = await startNginx(supervisor, uncachedPort, system.consumers, {
    name: 'nginx-uncached',
    cachesSoldOut: false,
  });
  const plan = planProcesses(config, processes);
  const metricsOf = (kind: string) =>
    plan.filter((planned) => planned.kind === kind).map(({ metricsPort }) => `http://127.0.0.1:${metricsPort}/metrics`);
  return {
    ...system,
    bareServers: bare,
    bareUrl,
    uncachedUrl,
    secrets,
    topicPrefix: config.TOPIC_PREFIX,
    redisPrefix: config.REDIS_PREFIX,
    consumerMetrics: metricsOf('consumer'),
    providerMetrics: metricsOf('provider'),
    workerMetrics: metricsOf('order-worker'),
    pids: () =>
      new Map(supervisor.list().flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid] as const]))),
  };
}

function startBare(supervisor: Supervisor, index: number, env: NodeJS.ProcessEnv): Promise<void> {
  const name = `bare-${index + 1}`;
  const url = `http://127.0.0.1:${env.CONSUMER_PORT}/health`;
  return supervisor.start({
    name,
    kind: 'consumer',
    command: process.execPath,
    args: [fileURLToPath(new URL('serve-bare.ts', import.meta.url))],
    env: { ...env, NODE_ENV: 'development', NODE_COMPILE_CACHE: path.join(supervisor.dir, 'compile-cache') },
    logFile: supervisor.logFile(name),
    stopLimitMs: 5000,
    waitUntilReady: (signal) =>
      waitUntil(`${name} to answer`, async () => void (await fetch(url)), { limitMs: READY_LIMIT_MS, signal }),
  });
}
