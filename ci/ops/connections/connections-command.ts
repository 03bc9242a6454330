import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import { createAdmin, createKafkaTarget, disconnect } from '../../../proto/kafka/kafka.ts';
import { describeFault } from '../../../proto/process/create-availability.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { type KafkaAddress, readKafkaAddress } from '../../../proto/settings/kafka-security.ts';
import { createCommand } from '../../command/create-command.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';
import { type Config, readConfig } from '../../local/config.ts';

const usage = `Usage: flash-sale connections [options]

Connects once to each server that the settings name: MYSQL_URL, MYSQL_ADMIN_URL, MYSQL_PURGE_URL, REDIS_URL, and each broker of Kafka, and
prints whether it answers, and if not, why. Changes nothing. Exit code 1: one of them does not answer; 2: wrong settings.

  --json FILE   also write the result to FILE: [{name, ok, detail}]; - is standard output
  --help        print this

Examples:
  npx flash-sale connections
  MYSQL_URL=mysql://flash:secret@db.example/flash_sale npx flash-sale connections --json -`;

const WITHIN_MS = 5000;
const logger = createLogger('connections', 'silent');

type Check = { name: string; connect: () => Promise<string> };

async function checkMysql(url: string): Promise<string> {
  const mysql = connectMysql({ url, maxConnections: 1, acquireDeadlineMs: WITHIN_MS });
  try {
    const [[version]] = await mysql.raw('SELECT VERSION() AS text');
    const [[tls]] = await mysql.raw("SHOW STATUS LIKE 'Ssl_version'");
    return `${version.text}, ${tls.Value || 'not encrypted'}`;
  } finally {
    await mysql.destroy();
  }
}

async function checkRedis(config: Config): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const redis = connectRedis(config, logger);
  redis.once('ready', resolve);
  redis.on('error', reject);
  try {
    await promise;
    return config.REDIS_URL.startsWith('rediss:') ? 'encrypted' : 'not encrypted';
  } finally {
    redis.destroy();
  }
}

/** Also connects to the brokers that this one names: processes are sent to their addresses. */
async function checkKafka(address: KafkaAddress): Promise<string> {
  const nodes = await readBrokers(address);
  const named = nodes.map(({ host, port }) => `${host}:${port}`);
  for (const kafkaBrokers of named) {
    await readBrokers({ ...address, kafkaBrokers }).catch((error: Error) => {
      throw new Error(`it names the broker ${kafkaBrokers}: ${describeFault(error)}`);
    });
  }
  const { tls, sasl } = address.kafkaSecurity ?? {};
  return `${named.join(', ')}; ${tls ? 'encrypted' : 'not encrypted'}, ${sasl ? `logged in as ${sasl.username}` : 'no login'}`;
}

async function readBrokers(address: KafkaAddress) {
  const admin = createAdmin(createKafkaTarget(address, 'connections', logger));
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers;
  } finally {
    await disconnect(admin);
  }
}

function listChecks(config: Config): Check[] {
  const mysql = (['MYSQL_URL', 'MYSQL_ADMIN_URL', 'MYSQL_PURGE_URL'] as const).filter((name) => config[name]);
  const brokers = config.KAFKA_BROKERS.split(',').filter(Boolean);
  const address = readKafkaAddress(config);
  return [
    ...mysql.map((name) => ({ name, connect: () => checkMysql(config[name]) })),
    ...(config.REDIS_URL ? [{ name: 'REDIS_URL', connect: () => checkRedis(config) }] : []),
    ...brokers.map((kafkaBrokers) => ({
      name: `Kafka ${kafkaBrokers}`,
      connect: () => checkKafka({ ...address, kafkaBrokers }),
    })),
  ];
}

export const connectionsCommand = createCommand({
  usage,
  options: { json: { type: 'string' } },
  async run({ json }) {
    const checks = listChecks(readConfig());
    if (checks.length === 0) throw new UsageError('set MYSQL_URL, REDIS_URL or KAFKA_BROKERS');
    const results: { name: string; ok: boolean; detail: string }[] = [];
    for (const { name, connect } of checks) {
      const result = await connect().then(
        (detail) => ({ name, ok: true, detail }),
        (error: unknown) => ({ name, ok: false, detail: describeFault(error) }),
      );
      if (result.ok) console.log(`✓ ${name}: ${result.detail}`);
      else console.error(`✗ ${name}: ${result.detail}`);
      results.push(result);
    }
    writeJson(json, results);
    return results.every(({ ok }) => ok) ? 0 : 1;
  },
});
