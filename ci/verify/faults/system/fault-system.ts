import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createKafkaTarget, type KafkaTarget } from '../../../../proto/kafka/kafka.ts';
import { topicNames } from '../../../../proto/kafka/topics.ts';
import { createLogger } from '../../../../proto/process/create-logger.ts';
import { type Config, readConfig } from '../../../local/config.ts';
import { planFreePorts } from '../../../local/ports/plan-free-ports.ts';
import { root } from '../../../local/set-up/set-up.mjs';
import type { Supervisor } from '../../../local/supervisor/start-supervisor.ts';
import { planProcesses, readOrMakeSecrets, type Secrets } from '../../../local/system/plan-system.ts';
import { type System, startSystem } from '../../../local/system/start-system.ts';
import { signTokens, type TokenMaker } from '../../sale/buyers/create-tokens.ts';
import { readConfig as readTokenConfig } from '../../sale/config.ts';
import { type AlarmWatch, type ScrapeTarget, startAlarmWatch } from '../alarms/watch-alarms.ts';
import { type Links, startLinks } from './links.ts';
import { mountMemory } from './mount-memory.ts';
import { type BeaconServer, startBeacon } from './start-beacon.ts';

export type FaultSystem = System & {
  dir: string;
  config: Config;
  links: Links;
  beacon: BeaconServer;
  secrets: Secrets;
  kafka: KafkaTarget;
  topics: ReturnType<typeof topicNames>;
  createToken: TokenMaker;
  /** Whether MySQL's and Kafka's data are on small file systems of their own. */
  smallDisks: boolean;
  /** Undefined: Prometheus is not installed. */
  alarms: AlarmWatch | undefined;
  metricsUrl(processName: string): string;
  /** Shifts the clock of one process. */
  shiftClock(processName: string, offsetMs: number): void;
};

const REPLICAS = 2;
const DISK_MB = { mariadb: 512, kafka: 384 };
/** Short, so that a fault sees the draw of a line. */
const LINE_WINDOW_S = 8;
// Above the shift of two hours of a fault.
const TOKENS_VALID_S = 4 * 3600;

/** Warnings of the processes, which a fault causes by the hundred; the logs keep them. */
const WARNING = /^! \S+ (warning|error|\d+ more lines)/;

/** Stops everything that was started, in reverse order. */
export type Undo = { stop(): Promise<void> };
type UndoStep = () => Promise<void> | void;

/**
 * Starts a system with two processes of each kind on free ports, in a temporary folder, with a proxy on every connection between
 * processes. `onUndo` is called before the first process is started.
 */
export async function startFaultSystem(
  print: (line: string) => void,
  onUndo: (undo: Undo) => void,
): Promise<FaultSystem> {
  // A short name: the path of a socket is limited to 108 bytes.
  const dir = mkdtempSync(path.join(tmpdir(), 'faults-'));
  const undos: UndoStep[] = [() => rmSync(dir, { recursive: true, force: true })];
  onUndo(createUndo(undos));
  const mounts = Object.entries(DISK_MB).map(([name, megabytes]) => mountMemory(path.join(dir, name), megabytes));
  undos.push(() => mounts.forEach((unmount) => void unmount?.()));
  const env = { ...process.env, ...(await planFreePorts()) };
  const config = readConfig(env);
  const links = await startLinks(config, REPLICAS);
  undos.push(() => links.close());
  const beacon = await startBeacon();
  undos.push(() => beacon.close());
  const clockFile = (name: string) => path.join(dir, 'clocks', name);
  mkdirSync(path.join(dir, 'clocks'));

  const system = await startSystem({
    dir,
    env,
    processes: REPLICAS,
    print: (line) => void (WARNING.test(line) || print(line)),
    onOpen(supervisor: Supervisor) {
      undos.push(() => supervisor.stop());
    },
    detours: {
      ...links.detours,
      environment: (planned, direct) => ({
        ...links.detours.environment(planned, direct),
        DRAW_BEACON_URL: beacon.url,
        LINE_WINDOW: String(LINE_WINDOW_S),
        NODE_OPTIONS: `--import=${clockModule(clockFile(planned.name))}`,
      }),
    },
  });
  const plan = planProcesses(config, REPLICAS);
  const secrets = readOrMakeSecrets(dir, config);
  const alarms = await startAlarmWatch(system.supervisor, [
    ...plan.map(({ name, kind, metricsPort }) => describeTarget(kind, name, `127.0.0.1:${metricsPort}`, '/metrics')),
    describeTarget('nginx', 'nginx', new URL(system.url).host, '/.ready'),
  ]);
  if (!alarms) print('· alarms are not watched: Prometheus is not installed (Debian package prometheus)');
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = readTokenConfig(env);
  return {
    ...system,
    dir,
    config,
    links,
    beacon,
    secrets,
    kafka: createKafkaTarget(system, 'faults', createLogger('faults', 'silent')),
    topics: topicNames(config.TOPIC_PREFIX),
    alarms,
    smallDisks: mounts.every((unmount) => unmount !== undefined),
    createToken: signTokens({ secret: secrets.JWT_SECRET, issuer, audience, validSeconds: TOKENS_VALID_S }),
    metricsUrl(name) {
      const port = plan.find((planned) => planned.name === name)?.metricsPort;
      return `http://127.0.0.1:${port}`;
    },
    shiftClock: (name, offsetMs) => writeFileSync(clockFile(name), String(offsetMs)),
  };
}

/** Runs the steps once, the last one first. */
function createUndo(steps: UndoStep[]): Undo {
  let stopped: Promise<void> | undefined;
  const undoAll = async () => {
    for (const undo of steps.reverse()) await undo();
  };
  return {
    stop() {
      stopped ??= undoAll();
      return stopped;
    },
  };
}

const describeTarget = (job: string, name: string, address: string, metricsPath: string): ScrapeTarget => {
  return { job, name, address, path: metricsPath };
};

function clockModule(file: string): string {
  const url = pathToFileURL(path.join(root, 'ci', 'verify', 'faults', 'system', 'shift-clock.ts'));
  url.searchParams.set('file', file);
  return String(url);
}
