import { openSupervisor, type Supervisor } from './open-supervisor.ts';
import { type KafkaDetour, startKafka } from './start-kafka.ts';
import { startMariaDb } from './start-mariadb.ts';
import { startRedis } from './start-redis.ts';

export type ServerPorts = { mysql: number; redis: number; kafka: number; kafkaController: number };
/** Servers that run already: these are used, and neither started nor stopped. */
export type ExternalServers = { mysqlUrl?: string; redisUrl?: string; kafkaBrokers?: string };
export type ServerAddresses = { mysqlUrl: string; redisUrl: string; kafkaBrokers: string };
export type Servers = ServerAddresses & { supervisor: Supervisor; stop: () => Promise<void> };

type Options = {
  /** Where data, logs and the run file go. */
  dir: string;
  ports: ServerPorts;
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
  external = {},
  kafkaDetours = [],
  print = console.log,
  onOpen,
  checkPorts,
}: Options): Promise<Servers> {
  const supervisor = await openSupervisor(dir, print);
  onOpen?.(supervisor);
  try {
    await checkPorts?.();
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  const showTime = async (name: string, starting: Promise<string>): Promise<string> => {
    const startedAt = performance.now();
    const address = await starting;
    print(`· ${name} … up (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    return address;
  };
  const { mysql, redis, kafka, kafkaController } = ports;
  const started = await Promise.allSettled([
    external.mysqlUrl || showTime('MariaDB', startMariaDb(supervisor, mysql)),
    external.redisUrl || showTime('Redis', startRedis(supervisor, redis)),
    external.kafkaBrokers ||
      showTime(
        'Kafka',
        startKafka(supervisor, { port: kafka, controllerPort: kafkaController, detours: kafkaDetours }),
      ),
  ]);
  const failed = started.filter((one) => one.status === 'rejected');
  if (failed.length > 0) {
    await supervisor.stop();
    throw new Error(failed.map((one) => (one.reason as Error).message).join('\n'));
  }
  const [mysqlUrl, redisUrl, kafkaBrokers] = started.map((one) => (one as PromiseFulfilledResult<string>).value);
  const addresses = { mysqlUrl: mysqlUrl ?? '', redisUrl: redisUrl ?? '', kafkaBrokers: kafkaBrokers ?? '' };
  supervisor.addAddresses({ mysql: addresses.mysqlUrl, redis: addresses.redisUrl, kafka: addresses.kafkaBrokers });
  return { ...addresses, supervisor, stop: () => supervisor.stop() };
}
