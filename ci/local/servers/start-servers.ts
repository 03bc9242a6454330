import type { KafkaAddress } from '../../../proto/settings/kafka-security.ts';
import { showTime } from '../../command/show-time.ts';
import { type Supervisor, startSupervisor } from '../supervisor/start-supervisor.ts';
import { type KafkaDetour, startKafka } from './start-kafka.ts';
import { type MysqlAddresses, startMariaDb } from './start-mariadb.ts';
import { type RedisAddresses, startRedis } from './start-redis.ts';

export type ServerPorts = { mysql: number; redis: number; kafka: number; kafkaController: number };
/** Running servers, which are used and neither started nor stopped. */
export type ExternalServers = Partial<KafkaAddress & MysqlAddresses & RedisAddresses>;
/** The addresses for the processes. */
export type ProcessAddresses = { mysqlUrl: string } & KafkaAddress & Pick<RedisAddresses, 'redisUrl' | 'redisUrls'>;
/** Also for the users of migrations, purge and administration; empty if the user of the processes is used. */
export type ServerAddresses = ProcessAddresses & MysqlAddresses & RedisAddresses;
export type Servers = ServerAddresses & { supervisor: Supervisor; stop: () => Promise<void> };

type Options = {
  /** For data, logs and the run file. */
  dir: string;
  ports: ServerPorts;
  /** Prefix of the names that the users of the processes may use in Redis. */
  redisPrefix?: string;
  external?: ExternalServers;
  kafkaDetours?: KafkaDetour[];
  print?: (line: string) => void;
  /** Called before the first process is started, so that a signal can stop a start. */
  onOpen?: (supervisor: Supervisor) => void;
  /** Called when no process of an earlier start holds a port any more. */
  checkPorts?: () => Promise<void>;
};

/** Starts MariaDB, Redis and Kafka in parallel; resolves when all answer. If one fails, the others are stopped. */
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
  const { mysql, redis, kafka, kafkaController } = ports;
  const started = await Promise.allSettled([
    external.mysqlUrl
      ? externalMysql(external)
      : showTime(print, 'MariaDB', 'up', () => startMariaDb(supervisor, mysql)),
    external.redisUrl
      ? externalRedis(external)
      : showTime(print, 'Redis', 'up', () => startRedis(supervisor, redis, redisPrefix)),
    external.kafkaBrokers ||
      showTime(print, 'Kafka', 'up', () =>
        startKafka(supervisor, { port: kafka, controllerPort: kafkaController, detours: kafkaDetours }),
      ),
  ] as const);
  const failed = started.filter((result) => result.status === 'rejected');
  if (failed.length > 0) {
    await supervisor.stop();
    throw new Error(failed.map((result) => (result.reason as Error).message).join('\n'));
  }
  const [mysqlAddresses, redisAddresses, kafkaBrokers] = started;
  const addresses = {
    ...resultOf(mysqlAddresses),
    ...resultOf(redisAddresses),
    kafkaBrokers: resultOf(kafkaBrokers),
    kafkaSecurity: external.kafkaSecurity,
  };
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
