import { buildPages } from '../../ops/build-pages.ts';
import { prepare } from '../../ops/prepare.ts';
import { externalServers, readConfig } from '../config.ts';
import { checkPorts } from '../ports/check-ports.ts';
import type { KafkaDetour } from '../servers/start-kafka.ts';
import { startNginx } from '../servers/start-nginx.ts';
import { startNginxCounter } from '../servers/start-nginx-counter.ts';
import { type ServerAddresses, startServers } from '../servers/start-servers.ts';
import { serveControl } from '../supervisor/serve-control.ts';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import {
  type AppProcess,
  planExperiments,
  planPorts,
  planProcesses,
  processEnvironment,
  readOrMakeSecrets,
} from './plan-system.ts';
import { startProcess } from './start-process.ts';

export type System = ServerAddresses & {
  url: string;
  consumers: string[];
  providers: string[];
  supervisor: Supervisor;
};

/** Other ways between the processes than the straight ones, such as through proxies that can be cut. */
export type Detours = {
  /** Where nginx finds the consumer of this address. */
  consumer(address: string): string;
  /** What a process reads as its settings, from what it would read. */
  environment(one: AppProcess, straight: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  kafka: KafkaDetour[];
};

const STRAIGHT: Detours = { consumer: (address) => address, environment: (_, straight) => straight, kafka: [] };

type Options = {
  dir: string;
  /** How many of each process. */
  processes: number;
  env?: NodeJS.ProcessEnv;
  print: (line: string) => void;
  /** Called before anything is started, so that a signal can stop a start in the middle. */
  onOpen: (supervisor: Supervisor) => void;
  detours?: Detours;
  /** Also the process that runs experiments for administrators, where LADDER=on. */
  experiments?: boolean;
  /** Whether nginx writes down its orders, and a process counts them for GET /admin/live. */
  countsNginx?: boolean;
};

/** Starts everything, from the servers to nginx, and resolves when buyers can come. A failing start stops what it started. */
export async function startSystem(options: Options): Promise<System> {
  const { dir, processes, env = process.env, print, onOpen, detours = STRAIGHT, countsNginx = false } = options;
  const config = readConfig(env);
  const plan = planProcesses(config, processes);
  const withExperiments = options.experiments === true && config.LADDER === 'on';
  if (withExperiments) plan.push(planExperiments(config, processes));
  let supervisor: Supervisor | undefined;
  try {
    const servers = await startServers({
      dir,
      ports: {
        mysql: config.MYSQL_PORT,
        redis: config.REDIS_PORT,
        kafka: config.KAFKA_PORT,
        kafkaController: config.KAFKA_CONTROLLER_PORT,
      },
      redisPrefix: config.REDIS_PREFIX,
      external: externalServers(config),
      kafkaDetours: detours.kafka,
      print,
      onOpen: (opened) => {
        supervisor = opened;
        onOpen(opened);
      },
      checkPorts: () => checkPorts(planPorts(config, plan)),
    });
    supervisor = servers.supervisor;
    await showTime(print, 'database and topics', 'ready', () =>
      prepare({ ...servers, topicPrefix: config.TOPIC_PREFIX, replicas: config.KAFKA_REPLICAS }),
    );
    await showTime(print, 'pages', 'ready', buildPages);
    const providers = addressesOf(plan, 'provider');
    const consumers = addressesOf(plan, 'consumer');
    const secrets = readOrMakeSecrets(dir, config);
    const startAll = (...kinds: AppProcess['kind'][]) =>
      startEach(
        servers.supervisor,
        plan.filter((one) => kinds.includes(one.kind)),
        (one) => detours.environment(one, processEnvironment(one, { servers, providers, secrets, config })),
      );
    await showTime(print, `${processes} providers, ${processes} order-workers`, 'up', () =>
      startAll('provider', 'order-worker'),
    );
    await showTime(print, `${processes} consumers`, 'up', () => startAll('consumer'));
    const url = await showTime(print, 'nginx', 'up', () =>
      startNginx(servers.supervisor, config.NGINX_PORT, consumers.map(detours.consumer), { logsOrders: countsNginx }),
    );
    if (withExperiments) await showTime(print, 'experiments', 'up', () => startAll('experiments'));
    if (countsNginx) await startNginxCounter(servers, config.REDIS_PREFIX);
    supervisor.addAddresses({ nginx: url, consumers: consumers.join(' '), providers: providers.join(' ') });
    supervisor.onStop(await serveControl(supervisor));
    supervisor.declareUp();
    const { stop: _stop, ...addresses } = servers;
    return { ...addresses, url, consumers, providers };
  } catch (error) {
    await supervisor?.stop();
    throw error;
  }
}

function addressesOf(plan: AppProcess[], kind: AppProcess['kind']): string[] {
  return plan.filter((one) => one.kind === kind).map((one) => `127.0.0.1:${one.port}`);
}

/** All at once; waits for all, so that the caller may stop the rest when one of them fails. */
async function startEach(
  supervisor: Supervisor,
  processes: AppProcess[],
  environmentOf: (one: AppProcess) => NodeJS.ProcessEnv,
): Promise<void> {
  const started = await Promise.allSettled(processes.map((one) => startProcess(supervisor, one, environmentOf(one))));
  const failed = started.filter((one) => one.status === 'rejected');
  if (failed.length > 0) throw new Error(failed.map((one) => (one.reason as Error).message).join('\n'));
}

async function showTime<T>(
  print: (line: string) => void,
  name: string,
  done: string,
  run: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const result = await run();
  print(`· ${name} … ${done} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  return result;
}
