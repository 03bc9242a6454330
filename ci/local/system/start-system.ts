import { showTime } from '../../command/show-time.ts';
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

/** Changes connections between processes, for example to go through proxies that can be cut. */
export type Detours = {
  /** The address at which nginx connects to this consumer. */
  consumer(address: string): string;
  /** The settings of a process, from its settings without detours. */
  environment(app: AppProcess, direct: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  kafka: KafkaDetour[];
};

const DIRECT: Detours = { consumer: (address) => address, environment: (_, direct) => direct, kafka: [] };

type Options = {
  dir: string;
  /** Number of each process. */
  processes: number;
  env?: NodeJS.ProcessEnv;
  print: (line: string) => void;
  /** Called before the first process is started, so that a signal can stop a start. */
  onOpen: (supervisor: Supervisor) => void;
  detours?: Detours;
  /** Whether to start the process that runs experiments of administrators; only with LADDER=on. */
  experiments?: boolean;
  /** Whether nginx logs its orders, and a process counts them for GET /admin/live. */
  countsNginx?: boolean;
};

/** Starts the servers, the processes and nginx; resolves when the system serves. If a start fails, all others are stopped. */
export async function startSystem(options: Options): Promise<System> {
  const { dir, processes, env = process.env, print, onOpen, detours = DIRECT, countsNginx = false } = options;
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
        plan.filter((app) => kinds.includes(app.kind)),
        (app) => detours.environment(app, processEnvironment(app, { servers, providers, secrets, config })),
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
  return plan.filter((app) => app.kind === kind).map((app) => `127.0.0.1:${app.port}`);
}

/** Starts all in parallel. Waits for all, so that the caller can stop the others when one fails. */
async function startEach(
  supervisor: Supervisor,
  processes: AppProcess[],
  environmentOf: (app: AppProcess) => NodeJS.ProcessEnv,
): Promise<void> {
  const started = await Promise.allSettled(processes.map((app) => startProcess(supervisor, app, environmentOf(app))));
  const failed = started.filter((result) => result.status === 'rejected');
  if (failed.length > 0) throw new Error(failed.map((result) => (result.reason as Error).message).join('\n'));
}
