import { type Supervisor, startSupervisor } from '../supervisor/start-supervisor.ts';
import { type KafkaDetour, startKafka } from './start-kafka.ts';
import { type MysqlAddresses, startMariaDb } from './start-mariadb.ts';
import { type RedisAddresses, startRedis } from './start-redis.ts';

export type ServerPorts = { mysql: number; redis: number; kafka: number; kafkaController: number };
/** Servers that run already: these are used, and neither started nor stopped. */
export type ExternalServers = { kafkaBrokers?: string } & Partial<MysqlAddresses & RedisAddresses>;
/** As the processes know them. */
export type ProcessAddresses = { mysqlUrl: string; kafkaBrokers: string } & Pick<
  RedisAddresses,
  'redisUrl' | 'redisUrls'
>;
/** Also with the users of migrations, of purge and of whoever cares for Redis. Empty where the processes' is used for that too. */
export type ServerAddresses = ProcessAddresses & MysqlAddresses & RedisAddresses;
export type Servers = ServerAddresses & { supervisor: Supervisor; stop: () => Promise<void> };

type Options = {
  /** Where data, logs and the run file go. */
  dir: string;
  ports: ServerPorts;
  /** Begins the names that the processes' user of Redis may use. */
  redisPrefix?: string;
  external?: ExternalServers;
  kafkaDetours?: KafkaDetour[];
  print?: (line: string) => void;
  /** Called with the supervisor before anything is started, so that a signal can stop a start in the middle. */
  onOpen?: (supervisor: Supervisor) => void;
  /** Called once nothing of an earlier start can hold a port any more. */
  checkPorts?: () => Promise<void>;
};

/** Starts MariaDB, Redis and Kafka side by side; resolves when all three answer. A failing start stops what it started. */
export async function startServers({
  dir,
  ports,
  redisPrefix = '',
  external = {},
  kafkaDetours = [],
  print = console.log,
  onOpen,
  checkPorts,
}: Options): Promise<Servers> {
  const supervisor = await startSupervisor(dir, print);
  onOpen?.(supervisor);
  try {
    await checkPorts?.();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  const showTime = async <T>(name: string, starting: Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const addresses = await starting;
    print(`· ${name} … up (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    return addresses;
  };
  const { mysql, redis, kafka, kafkaController } = ports;
  const started = await Promise.allSettled([
    external.mysqlUrl ? externalMysql(external) : showTime('MariaDB', startMariaDb(supervisor, mysql)),
    external.redisUrl ? externalRedis(external) : showTime('Redis', startRedis(supervisor, redis, redisPrefix)),
    external.kafkaBrokers ||
      showTime(
        'Kafka',
        startKafka(supervisor, { port: kafka, controllerPort: kafkaController, detours: kafkaDetours }),
      ),
  ] as const);
  const failed = started.filter((one) => one.status === 'rejected');
  if (failed.length > 0) {
    await supervisor.stop();
    throw new Error(failed.map((one) => (one.reason as Error).message).join('\n'));
  }
  const [mysqlAddresses, redisAddresses, kafkaBrokers] = started;
  const addresses = { ...resultOf(mysqlAddresses), ...resultOf(redisAddresses), kafkaBrokers: resultOf(kafkaBrokers) };
  supervisor.addAddresses({
    mysql: addresses.mysqlUrl,
    mysqlAdmin: addresses.mysqlAdminUrl,
    mysqlPurge: addresses.mysqlPurgeUrl,
    redis: addresses.redisUrl,
    redisAdmin: addresses.redisAdminUrl,
    kafka: addresses.kafkaBrokers,
  });
  return { ...addresses, supervisor, stop: () => supervisor.stop() };
}

function externalMysql({ mysqlUrl = '', mysqlAdminUrl = '', mysqlPurgeUrl = '' }: ExternalServers): MysqlAddresses {
  return { mysqlUrl, mysqlAdminUrl, mysqlPurgeUrl };
}

function externalRedis({ redisUrl = '', redisAdminUrl = '' }: ExternalServers): RedisAddresses {
  return { redisUrl, redisUrls: {}, redisAdminUrl };
}

function resultOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
