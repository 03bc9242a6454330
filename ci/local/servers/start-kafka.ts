import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '../../command/wait-until.ts';
import { findJava } from '../set-up/find-program.mjs';
import { root } from '../set-up/set-up.mjs';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { pingKafka } from './ping-kafka.ts';

const READY_LIMIT_MS = 60_000;
const libs = path.join(root, '.local', 'kafka', 'libs');
const logging = path.join(root, 'ci', 'local', 'kafka', 'log4j2.xml');

/** A second port of the broker with its own advertised port, for clients that connect through a proxy. */
export type KafkaDetour = { port: number; advertisedPort: number };
/** A port of the broker for encrypted connections. */
export type SecureListener = { name: string; port: number; protocol: 'SSL' | 'SASL_SSL' };
export type KafkaPorts = {
  port: number;
  controllerPort: number;
  detours?: KafkaDetour[];
  secure?: {
    listeners: SecureListener[];
    /** More settings of the broker. */
    settings: Record<string, string>;
    /** Users that log in with SCRAM: `SCRAM-SHA-256=[name=…,password=…]`. Created with the folder. */
    users: string[];
  };
};

/** Starts a Kafka node that is broker and controller (KRaft). Returns its address as host:port. */
export function startKafka(supervisor: Supervisor, ports: KafkaPorts): Promise<string> {
  return startNode(supervisor, { name: 'kafka', id: 1, roles: 'broker,controller' }, ports);
}

/** Starts a second broker on its own port, with the controller of the first node and the same number of detours. */
export function startSecondKafka(supervisor: Supervisor, ports: KafkaPorts): Promise<string> {
  return startNode(supervisor, { name: 'kafka-2', id: 2, roles: 'broker' }, ports);
}

type Node = { name: string; id: number; roles: string };

async function startNode(supervisor: Supervisor, node: Node, ports: KafkaPorts): Promise<string> {
  const java = findJava();
  if (!java || !existsSync(libs)) {
    throw new Error(
      `${java ? 'Kafka' : 'Java 17'} is not installed. Run npm start, or set KAFKA_BROKERS to running servers`,
    );
  }
  const dir = path.join(supervisor.dir, node.name);
  const data = path.join(dir, 'data');
  const properties = path.join(dir, 'server.properties');
  mkdirSync(data, { recursive: true });
  writeFileSync(properties, serverProperties(data, node, ports));
  const clusterId = readClusterId(path.join(supervisor.dir, 'kafka', 'data'));
  const users = ports.secure?.users.flatMap((user) => ['--add-scram', user]) ?? [];
  await formatOnce(java, data, ['-t', clusterId, '-c', properties, ...users]);
  await supervisor.start({
    name: node.name,
    kind: 'kafka',
    command: java,
    args: ['-Xmx512m', ...javaArguments(), 'kafka.Kafka', properties],
    cwd: dir,
    logFile: supervisor.logFile(node.name),
    stopLimitMs: 15_000,
    waitUntilReady: (signal) =>
      waitUntil('Kafka to answer', () => pingKafka(ports.port), { limitMs: READY_LIMIT_MS, signal }),
  });
  return `127.0.0.1:${ports.port}`;
}

function javaArguments(): string[] {
  return [
    // For a small heap on few cores this collector starts fastest and needs no threads.
    '-XX:+UseSerialGC',
    // C1 only: the optimizing compiler takes more CPU time in a sale's first seconds than its code saves. See docs/performance.md.
    '-XX:TieredStopAtLevel=1',
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${logging}`,
    '-cp',
    path.join(libs, '*'),
  ];
}

/** Kafka in KRaft mode requires a formatted folder. */
async function formatOnce(java: string, data: string, options: string[]): Promise<void> {
  if (existsSync(path.join(data, 'meta.properties'))) return;
  await promisify(execFile)(java, [...javaArguments(), 'kafka.tools.StorageTool', 'format', ...options]);
}

/** The id of the first node, or a new one. */
function readClusterId(data: string): string {
  const file = path.join(data, 'meta.properties');
  const known = existsSync(file) ? /^cluster\.id=(.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  // 22 characters. One that begins with a hyphen, as every 64th did, would be read as an option.
  return known ?? randomBytes(16).toString('base64url').replace(/^-/, '0');
}

function serverProperties(data: string, node: Node, ports: KafkaPorts): string {
  const { port, controllerPort, detours = [], secure } = ports;
  const named = [
    ...detours.map((detour, index) => ({ ...detour, name: `DETOUR${index + 1}`, protocol: 'PLAINTEXT' })),
    // A certificate has a name, not an address.
    ...(secure?.listeners ?? []).map((listener) => ({ ...listener, advertisedPort: listener.port })),
  ];
  const listeners = [
    `PLAINTEXT://127.0.0.1:${port}`,
    ...(node.roles === 'broker' ? [] : [`CONTROLLER://127.0.0.1:${controllerPort}`]),
    ...named.map((detour) => `${detour.name}://127.0.0.1:${detour.port}`),
  ];
  const advertised = [
    `PLAINTEXT://127.0.0.1:${port}`,
    ...named.map(
      ({ name, protocol, advertisedPort }) =>
        `${name}://${protocol === 'PLAINTEXT' ? '127.0.0.1' : 'localhost'}:${advertisedPort}`,
    ),
  ];
  const settings = {
    'process.roles': node.roles,
    'node.id': node.id,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: listeners.join(','),
    'advertised.listeners': advertised.join(','),
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT',
      'CONTROLLER:PLAINTEXT',
      ...named.map(({ name, protocol }) => `${name}:${protocol}`),
    ].join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    'auto.create.topics.enable': false,
    // A consumer group starts at once and does not wait 3 s for more members.
    'group.initial.rebalance.delay.ms': 0,
    // After kill -9 a restarted broker waits for the end of its old session.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3000,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // The default of 128 MB is a quarter of this heap.
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    ...secure?.settings,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
