import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Server } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import t from 'tap';
import { connectProviders } from '../../../consumer/providers/connect-providers.ts';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { keepConnections } from '../../../db/mysql/keep-connections.ts';
import { completeMysql } from '../../../db/mysql/mysql-settings.ts';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import { completeRedis } from '../../../db/redis/redis-settings.ts';
import { createKafkaTarget, startAppender, startLagReader } from '../../../proto/kafka/kafka.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { bindServer } from '../../../proto/process/bind-server.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { createAvailability } from '../../../proto/process/create-availability.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { readGrpcClientTls } from '../../../proto/settings/grpc-tls.ts';
import { readKafkaAddress } from '../../../proto/settings/kafka-security.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { callApi } from '../../testing/clients/call-api.ts';
import { testEnvironment, testSecrets } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { readConfig } from '../../testing/servers/config.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../testing/servers/start-test-system.ts';
import { silentLogger } from '../../testing/silent-logger.ts';
import type { Certificate } from '../../testing/tls/create-certificates.ts';
import { kafkaUser, startTlsServers } from '../../testing/tls/start-tls-servers.ts';

// Real servers that demand encrypted connections, with certificates of a CA that is made here.

t.setTimeout(240_000);
const servers = await startTlsServers(t);
const { certificates } = servers;
const { ca, otherCa, server, client, expired, otherHost } = certificates;

/** Resolves to the first warning that is logged, or to `connected`. */
function firstLine(open: (logger: Logger, connected: () => void) => () => unknown): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const warn = ({ err }: { err: string }, message: string) => resolve(`${message}: ${err}`);
  const ignore = () => undefined;
  const close = open({ warn, info: ignore, debug: ignore } as unknown as Logger, () => resolve('connected'));
  return promise.finally(close);
}

const files = (prefix: string, { cert = '', key = '', caFile = ca } = {}) => ({
  [`${prefix}_CA_FILE`]: caFile,
  [`${prefix}_CERT_FILE`]: cert,
  [`${prefix}_KEY_FILE`]: key,
});
const own = { cert: client.cert, key: client.key };
const WRONG_CA = /self-signed certificate in certificate chain|unable to verify the first certificate/;
const EXPIRED = /certificate has expired/;
const WRONG_HOST = /does not match certificate's altnames: Host: localhost/;

t.test('MySQL', async (t) => {
  type Options = { url?: string; tls?: 'on' | 'off'; caFile?: string; cert?: string; key?: string };
  function connect({ url = servers.mysqlAdminUrl, tls = 'on', ...rest }: Options = {}): Promise<string> {
    const settings = { MYSQL_URL: url, MYSQL_TLS: tls, ...files('MYSQL', tls === 'on' ? rest : { caFile: '' }) };
    const { MYSQL_URL } = completeMysql(settings as Parameters<typeof completeMysql>[0]);
    return firstLine((logger, connected) => {
      const mysql = connectMysql({ url: MYSQL_URL ?? '', maxConnections: 1, acquireDeadlineMs: 5000 });
      const { up, down } = createAvailability(logger, 'MySQL');
      const availability = {
        up() {
          up();
          connected();
        },
        down,
      };
      const database = createDatabase({ mysql, statementMs: 5000 });
      const kept = keepConnections(realClock, database, { count: 1, availability });
      return () => kept.close().then(() => mysql.destroy());
    });
  }
  t.equal(await connect(), 'connected');
  t.equal(await connect(own), 'connected', 'with a client certificate');
  t.match(await connect({ caFile: otherCa }), WRONG_CA);
  t.match(await connect({ tls: 'off' }), /MySQL is not available: .*Access denied.*demands TLS/, 'no TLS');
  t.match(await connect({ url: servers.mysqlAdminUrl.replace(/:[^:@]+@/, ':wrong@') }), /Access denied/);
  const { TEST_MYSQL_URL } = readConfig();
  const open = `${TEST_MYSQL_URL.replace('127.0.0.1', 'localhost')}mysql`;
  t.match(await connect({ url: open }), /Server does not support secure connection/, 'a server without TLS');
  for (const [shown, line] of [
    [expired, EXPIRED],
    [otherHost, WRONG_HOST],
  ] as const) {
    await servers.presentMysql(shown);
    t.match(await connect(), line);
  }
  await servers.presentMysql(server);
});

t.test('Redis', async (t) => {
  const { tls, open, password } = servers.redis;
  const cluster = `${tls},${tls}`;
  type Options = { scheme?: string; host?: string; word?: string; caFile?: string; cert?: string; key?: string };
  function connect({ scheme = 'rediss', host = tls, word = password, ...rest }: Options = {}): Promise<string> {
    const some = files('REDIS', scheme === 'rediss' ? rest : { caFile: '' });
    const REDIS_URL = host
      .split(',')
      .map((one) => `${scheme}://:${word}@${one}`)
      .join(',');
    const settings = completeRedis({ REDIS_URL, REDIS_PREFIX: '', ...some } as never);
    return firstLine((logger, connected) => {
      const redis = connectRedis(settings, logger);
      redis.on('ready', connected);
      return () => redis.destroy();
    });
  }
  t.equal(await connect(), 'connected');
  t.equal(await connect({ host: cluster }), 'connected', 'a cluster');
  for (const host of [tls, cluster]) t.match(await connect({ host, caFile: otherCa }), WRONG_CA, host);
  t.match(await connect({ scheme: 'redis' }), /Redis is not available/, 'no TLS');
  t.match(await connect({ host: open }), /Redis is not available: Connection timeout/, 'a port without TLS');
  t.match(await connect({ word: 'wrong' }), /WRONGPASS/);
  for (const [shown, line] of [
    [expired, EXPIRED],
    [otherHost, WRONG_HOST],
  ] as const) {
    await servers.presentRedis(shown);
    for (const host of [tls, cluster]) t.match(await connect({ host }), line, host);
  }
  await servers.presentRedis(server, { demandsClient: true });
  t.match(await connect(), /certificate required/, 'no client certificate');
  for (const host of [tls, cluster]) t.equal(await connect({ host, cert: client.cert, key: client.key }), 'connected');
});

/** The environment of processes that use all four connections. */
const encrypted = {
  ...testEnvironment,
  MYSQL_URL: servers.mysqlUrl,
  MYSQL_TLS: 'on',
  REDIS_URL: `rediss://:${servers.redis.password}@${servers.redis.tls}`,
  KAFKA_BROKERS: servers.kafka.sasl,
  KAFKA_TLS: 'on',
  KAFKA_SASL: 'scram-sha-512',
  ...kafkaUser,
  ...files('MYSQL'),
  ...files('REDIS', own),
  ...files('KAFKA'),
  TOPIC_PREFIX: 'tls-',
};
const grpc = (certificate: Certificate) => ({
  GRPC_TLS: 'on',
  GRPC_TLS_NAME: 'localhost',
  ...files('GRPC', { cert: certificate.cert, key: certificate.key }),
});
const addresses = {
  mysqlUrl: servers.mysqlUrl,
  redisUrl: encrypted.REDIS_URL,
  topics: { brokers: encrypted.KAFKA_BROKERS, prefix: encrypted.TOPIC_PREFIX },
} as Parameters<typeof startTestProvider>[1];

type Ended = { code: number; stdout: string; stderr: string };

/** Runs a program of this system with only these settings. */
function run(file: string, env: Record<string, string>): Promise<Ended> {
  const options = { env: { PATH: process.env.PATH, ...env }, timeout: 60_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(root, file)], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

t.test('a sale over four encrypted connections, with the commands before and after', async (t) => {
  const admin = { ...encrypted, MYSQL_ADMIN_URL: servers.mysqlAdminUrl };
  t.match(await run('ci/ops/prepare.ts', admin), { code: 0, stdout: /database and topics are ready/ });
  const mysql = connectMysql({
    url: completeMysql(admin as never as Parameters<typeof completeMysql>[0]).MYSQL_URL ?? '',
    maxConnections: 1,
    acquireDeadlineMs: 5000,
  });
  t.teardown(() => mysql.destroy());
  const sid = await createTestStock(mysql, { count: 3 });
  const provider = await startTestProvider(t, addresses, { ...encrypted, ...grpc(server) });
  // A new broker takes seconds to make the topic of the offsets, and a worker that finds no coordinator ends.
  const { orders, workerGroup } = topicNames(encrypted.TOPIC_PREFIX);
  const kafka = readKafkaAddress(encrypted as unknown as Parameters<typeof readKafkaAddress>[0]);
  const lag = startLagReader(createKafkaTarget(kafka, 'test', silentLogger), orders, workerGroup);
  await waitUntil('the coordinator of the group', () => lag.read(), { limitMs: 30_000 }).finally(() => lag.close());
  await startTestWorker(t, addresses, encrypted, createLogger('order-worker', 'fatal'));
  const url = await startTestConsumer(t, addresses, [provider], { ...encrypted, ...grpc(client) });
  const buyers = ['ann', 'bob', 'cid', 'dan', 'eve'];
  const path = `/api/v1/stocks/${sid}/orders`;
  const answers = await Promise.all(buyers.map((as) => callApi(url, path, { as, body: {} })));
  t.same(answers.map(({ status }) => status).sort(), [201, 201, 201, 410, 410]);
  const audit = await run('ci/bin/audit.ts', encrypted);
  t.match(audit, { code: 0, stderr: '' }, audit.stdout);
  const found = await run('ci/bin/connections.ts', admin);
  t.match(found, { code: 0, stderr: '' });
  for (const line of [/✓ MYSQL_ADMIN_URL: .*TLSv1\.3/, /✓ REDIS_URL: encrypted/, /✓ Kafka .*encrypted, logged in as/])
    t.match(found.stdout, line);
  const wrong = await run('ci/bin/connections.ts', { ...admin, MYSQL_CA_FILE: otherCa, KAFKA_PASSWORD: 'wrong' });
  t.equal(wrong.code, 1);
  t.match(wrong.stderr, /✗ MYSQL_URL: self-signed certificate.*\n.*\n✗ Kafka localhost:\d+: SASL SCRAM.*failed.*\n$/);
  const purge = await run('ci/bin/purge.ts', { ...encrypted, MYSQL_URL: servers.mysqlAdminUrl });
  t.match(purge, { code: 0, stderr: '' });
});

t.test('Kafka', async (t) => {
  const { kafka } = servers;
  type Options = { tls?: 'on' | 'off'; sasl?: string; password?: string; caFile?: string; cert?: string; key?: string };
  function connect(brokers: string, { tls = 'on', sasl = 'off', password, ...rest }: Options = {}): Promise<string> {
    const user = sasl === 'off' ? { KAFKA_USERNAME: '', KAFKA_PASSWORD: '' } : kafkaUser;
    const address = readKafkaAddress({
      NODE_ENV: 'test',
      KAFKA_BROKERS: brokers,
      KAFKA_TLS: tls,
      KAFKA_SASL: sasl,
      ...files('KAFKA', tls === 'on' ? rest : { caFile: '' }),
      ...user,
      ...(password && { KAFKA_PASSWORD: password }),
    } as Parameters<typeof readKafkaAddress>[0]);
    return firstLine((logger, connected) => {
      const log = startAppender(createKafkaTarget(address, 'test', logger));
      log.open(topicNames(encrypted.TOPIC_PREFIX).orders).then(connected, () => undefined);
      return () => log.close();
    });
  }
  t.equal(await connect(kafka.tls), 'connected');
  t.equal(await connect(kafka.mutual, own), 'connected', 'with a client certificate');
  for (const sasl of ['plain', 'scram-sha-256', 'scram-sha-512'])
    t.equal(await connect(kafka.sasl, { sasl }), 'connected');
  t.match(await connect(kafka.mutual), /bad certificate/, 'no client certificate');
  t.match(await connect(kafka.tls, { caFile: otherCa }), WRONG_CA);
  t.match(await connect(kafka.expired), EXPIRED);
  t.match(await connect(kafka.otherHost), WRONG_HOST);
  for (const sasl of ['plain', 'scram-sha-512'])
    t.match(await connect(kafka.sasl, { sasl, password: 'wrong' }), /authentication failed/i);
  const closed = /Kafka is not available: Closed connection \(the port may demand TLS or a login\)/;
  t.match(await connect(kafka.tls, { tls: 'off' }), closed, 'no TLS');
  t.match(await connect(kafka.sasl), closed, 'no login');
  t.match(await connect(kafka.open), /disconnected before secure TLS connection/, 'a port without TLS');
});

t.test('gRPC', async (t) => {
  const mutual = await startTestProvider(t, addresses, { ...encrypted, ...grpc(server) });
  const ports: Record<string, number> = { mutual };
  for (const [name, shown] of Object.entries({ tls: server, otherHost })) {
    const withoutClients = { ...grpc(shown), GRPC_CA_FILE: '' };
    ports[name] = await startTestProvider(t, addresses, { ...encrypted, ...withoutClients });
  }
  ports.open = await startTestProvider(t, addresses, encrypted);
  // A provider does not start with an expired certificate. It expires while the provider runs.
  const late = new Server();
  t.teardown(() => late.forceShutdown());
  const [cert, key] = [expired.cert, expired.key].map((file) => readFileSync(file, 'utf8')) as [string, string];
  ports.expired = await bindServer(late, '127.0.0.1:0', { cert, key });

  async function call(name: string, settings: Record<string, string>, PROVIDERS = `localhost:${ports[name]}`) {
    const wanted = { GRPC_TLS: 'on', GRPC_TLS_NAME: '', ...files('GRPC'), PROVIDERS, ...settings };
    const tls = readGrpcClientTls(wanted as Parameters<typeof readGrpcClientTls>[0]);
    const providers = connectProviders(PROVIDERS, 3000, '', tls);
    return await providers
      .getStock({ sid: 999_999 })
      .then(
        () => 'answered',
        (error: Error) => (error.message.startsWith('5 NOT_FOUND') ? 'answered' : error.message),
      )
      .finally(() => providers.close());
  }
  const plain = { GRPC_TLS: 'off', GRPC_CA_FILE: '' };
  t.equal(await call('tls', {}), 'answered');
  t.equal(await call('mutual', files('GRPC', own)), 'answered');
  t.match(await call('mutual', {}), /UNAVAILABLE/, 'no client certificate');
  t.match(await call('tls', { GRPC_CA_FILE: otherCa }), WRONG_CA);
  t.match(await call('expired', {}), EXPIRED);
  t.match(await call('otherHost', {}), WRONG_HOST);
  t.equal(await call('otherHost', { GRPC_TLS_NAME: 'other.example' }), 'answered', 'the name from the settings');
  t.match(await call('tls', plain), /UNAVAILABLE/, 'no TLS');
  t.match(await call('open', {}), /UNAVAILABLE/, 'a provider without TLS');
  const several = `127.0.0.1:${ports.tls},127.0.0.1:${ports.tls}`;
  t.equal(await call('tls', { GRPC_TLS_NAME: 'localhost' }, several), 'answered', 'several addresses');
});

type Line = { level: number; msg: string; err?: string | { message: string } };

/** Starts a process with these settings until `until` is true of its log, or it ends. Resolves to its warnings and how it ended. */
async function watch(kind: string, settings: Record<string, string>, until: (line: Line) => boolean) {
  const [port = 0] = await findFreePorts(1);
  const env = { ...encrypted, METRICS_PORT: String(port), CONSUMER_PORT: '0', PROVIDER_PORT: '0', ...settings };
  const child = spawn(process.execPath, [path.join(root, kind, 'main.ts')], {
    env: { PATH: process.env.PATH, ...env },
  });
  const ended = once(child, 'close');
  const lines: Line[] = [];
  let stderr = '';
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  let ready: number | null = null;
  for await (const text of createInterface(child.stdout)) {
    const line = JSON.parse(text) as Line;
    if (line.level >= 40) lines.push(line);
    if (ready !== null || !until(line)) continue;
    ready = (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
    child.kill('SIGKILL');
  }
  const [code] = (await ended) as [number | null];
  return {
    code,
    ready,
    stderr,
    lines: lines.map(({ msg, err }) => `${msg}: ${typeof err === 'string' ? err : err?.message}`),
  };
}

t.test('a process with a wrong CA', async (t) => {
  const isDown = ({ msg }: Line) => /MySQL is not available|no provider yet/.test(msg);
  const ca = { MYSQL_CA_FILE: otherCa };
  const provider = await watch('provider', { ...grpc(server), ...ca }, isDown);
  t.match(provider, { ready: 503, stderr: '' }, 'MySQL: the provider is not ready');
  const [line, ...others] = provider.lines.filter((text) => text.startsWith('MySQL'));
  t.match(line, WRONG_CA);
  t.same(others, []);
  const worker = await watch('order-worker', { KAFKA_CA_FILE: otherCa }, () => false);
  t.match(worker, { code: 1, stderr: '' }, 'Kafka: the order-worker ends');
  t.match(worker.lines.at(-1), WRONG_CA);
  const port = await startTestProvider(t, addresses, { ...encrypted, ...grpc(server) });
  const consumer = await watch(
    'consumer',
    { ...testSecrets, ...grpc(client), GRPC_CA_FILE: otherCa, PROVIDERS: `localhost:${port}`, GRPC_TLS_NAME: '' },
    isDown,
  );
  t.match(consumer, { ready: 503, stderr: '' }, 'gRPC: the consumer is not ready');
  t.match(consumer.lines.join('\n'), WRONG_CA);
  const unreadable = await watch('provider', { ...grpc(server), KAFKA_CA_FILE: '/none.pem' }, () => false);
  t.match(unreadable, { code: 2, stderr: 'provider: settings: KAFKA_CA_FILE cannot be read: ENOENT\n' });
});
