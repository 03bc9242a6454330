import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { createClient } from 'redis';
import type { Test } from 'tap';
import { findFreePorts } from '../../local/ports/find-free-ports.ts';
import { type SecureListener, startKafka } from '../../local/servers/start-kafka.ts';
import { startMariaDb } from '../../local/servers/start-mariadb.ts';
import { startRedis } from '../../local/servers/start-redis.ts';
import { startSupervisor } from '../../local/supervisor/start-supervisor.ts';
import { type Certificate, createCertificates } from './create-certificates.ts';

export const kafkaUser = { KAFKA_USERNAME: 'flashsale', KAFKA_PASSWORD: 'Tz5-kW8q.Lm' };

export type TestCertificates = {
  /** The CA of all certificates. */
  ca: string;
  /** The CA of none of them. */
  otherCa: string;
  server: Certificate;
  client: Certificate;
  expired: Certificate;
  /** For another host than localhost. */
  otherHost: Certificate;
};

export type TlsServers = {
  certificates: TestCertificates;
  /** Accepts only encrypted connections. */
  mysqlUrl: string;
  mysqlAdminUrl: string;
  /** host:port of an encrypted and of an open port of the same Redis. */
  redis: { tls: string; open: string; password: string };
  /** host:port of the listeners of one broker, which differ in what they demand and in their certificate. */
  kafka: { open: string; tls: string; mutual: string; sasl: string; expired: string; otherHost: string };
  presentMysql(certificate: Certificate): Promise<void>;
  presentRedis(certificate: Certificate, options?: { demandsClient: boolean }): Promise<void>;
};

/** Starts MariaDB, Redis and Kafka with certificates that are made here. They end with the test. */
export async function startTlsServers(t: Test): Promise<TlsServers> {
  const dir = mkdtempSync(path.join(tmpdir(), 'tls-'));
  const certificates = makeCertificates(path.join(dir, 'certificates'));
  const { ca, server } = certificates;
  const supervisor = await startSupervisor(dir, () => undefined);
  t.teardown(async () => {
    await supervisor.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const [mysqlPort = 0, redisPort = 0, redisTlsPort = 0, kafkaPort = 0, controllerPort = 0, ...securePorts] =
    await findFreePorts(10);
  const shown = { cert: path.join(dir, 'mysql.pem'), key: path.join(dir, 'mysql-key.pem') };
  const present = ({ cert, key }: Certificate) => {
    copyFileSync(cert, shown.cert);
    copyFileSync(key, shown.key);
  };
  present(server);
  const listeners = kafkaListeners(securePorts);
  const [mysql, redis, open] = await Promise.all([
    startMariaDb(supervisor, mysqlPort, [`--ssl-ca=${ca}`, `--ssl-cert=${shown.cert}`, `--ssl-key=${shown.key}`]),
    startRedis(supervisor, redisPort, '', redisArguments(redisTlsPort, certificates)),
    startKafka(supervisor, {
      port: kafkaPort,
      controllerPort,
      secure: { listeners, settings: kafkaSettings(certificates), users: scramUsers() },
    }),
  ]);
  // From now on. The start checks with an open connection that the server answers.
  const root = await createConnection({ uri: mysql.mysqlAdminUrl });
  t.teardown(() => root.end());
  await root.query('SET GLOBAL require_secure_transport = ON');
  const admin = createClient({ url: redis.redisAdminUrl });
  await admin.connect();
  t.teardown(() => admin.close());
  await admin.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  const portOf = (name: string) => `localhost:${listeners.find((listener) => listener.name === name)?.port}`;
  return {
    certificates,
    mysqlUrl: named(mysql.mysqlUrl),
    mysqlAdminUrl: named(mysql.mysqlAdminUrl),
    redis: {
      tls: `localhost:${redisTlsPort}`,
      open: `localhost:${redisPort}`,
      password: new URL(redis.redisAdminUrl).password,
    },
    kafka: {
      open,
      tls: portOf('TLS'),
      mutual: portOf('MUTUAL'),
      sasl: portOf('LOGIN'),
      expired: portOf('EXPIRED'),
      otherHost: portOf('OTHERHOST'),
    },
    async presentMysql(certificate) {
      present(certificate);
      await reload(root);
    },
    async presentRedis({ cert, key }, { demandsClient } = { demandsClient: false }) {
      const auth = demandsClient ? 'yes' : 'no';
      await admin.configSet({ 'tls-cert-file': cert, 'tls-key-file': key, 'tls-auth-clients': auth });
    },
  };
}

function makeCertificates(dir: string): TestCertificates {
  const { ca, make } = createCertificates(dir);
  const other = createCertificates(path.join(dir, 'other'));
  other.make('server');
  return {
    otherCa: other.ca,
    server: make('server'),
    client: make('client', { names: 'DNS:client' }),
    expired: make('expired', { days: -1 }),
    otherHost: make('other-host', { names: 'DNS:other.example' }),
    ca,
  };
}

/** A certificate has a name, and MariaDB with --skip-name-resolve knows its clients by their address. */
function named(url: string): string {
  return url.replace('127.0.0.1', 'localhost');
}

async function reload(root: Connection): Promise<void> {
  await root.query('FLUSH SSL');
}

function redisArguments(port: number, { ca, server }: TestCertificates): string[] {
  const files = { '--tls-ca-cert-file': ca, '--tls-cert-file': server.cert, '--tls-key-file': server.key };
  // Also a cluster of one node, for clients that ask for the nodes.
  const cluster = {
    '--cluster-enabled': 'yes',
    '--tls-cluster': 'yes',
    '--cluster-announce-hostname': 'localhost',
    '--cluster-preferred-endpoint-type': 'hostname',
  };
  return ['--tls-port', String(port), ...Object.entries({ ...files, ...cluster }).flat(), '--tls-auth-clients', 'no'];
}

function kafkaListeners(ports: number[]): SecureListener[] {
  return (['TLS', 'MUTUAL', 'LOGIN', 'EXPIRED', 'OTHERHOST'] as const).map((name, index) => ({
    name,
    port: ports[index] as number,
    protocol: name === 'LOGIN' ? 'SASL_SSL' : 'SSL',
  }));
}

function kafkaSettings({ ca, server, expired, otherHost }: TestCertificates): Record<string, string> {
  const { KAFKA_USERNAME, KAFKA_PASSWORD } = kafkaUser;
  const shows = { TLS: server, MUTUAL: server, LOGIN: server, EXPIRED: expired, OTHERHOST: otherHost };
  const keyStores = Object.entries(shows).flatMap(([name, { both }]) => [
    [`listener.name.${name.toLowerCase()}.ssl.keystore.type`, 'PEM'],
    [`listener.name.${name.toLowerCase()}.ssl.keystore.location`, both],
  ]);
  const login = 'listener.name.login';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  return {
    ...Object.fromEntries(keyStores),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': ca,
    'listener.name.mutual.ssl.client.auth': 'required',
    [`${login}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${login}.plain.sasl.jaas.config`]: `${plain} user_${KAFKA_USERNAME}="${KAFKA_PASSWORD}";`,
    [`${login}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${login}.scram-sha-512.sasl.jaas.config`]: scram,
  };
}

function scramUsers(): string[] {
  const { KAFKA_USERNAME: name, KAFKA_PASSWORD: password } = kafkaUser;
  return ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => `${mechanism}=[name=${name},password=${password}]`);
}
