import { findSession, readProcess } from '../../../local/supervisor/process-identity.ts';
import { findOwner } from '../system/find-owner.ts';
import type { Bounds, Fault, Stage } from './fault.ts';

type Victim = {
  name: string;
  what: string;
  find(stage: Stage): Promise<string> | string;
  whenKilled: Bounds;
  whenFrozen: Bounds;
};

const FROZEN_MS = 8000;

const VICTIMS: Victim[] = [
  {
    name: 'consumer',
    what: 'one of two consumers',
    find: () => 'consumer-1',
    whenKilled: { errorsEndMs: 2000, recoverMs: 5000 },
    whenFrozen: { errorsEndMs: 2000, recoverMs: 5000 },
  },
  {
    name: 'provider',
    what: 'one of two providers',
    find: () => 'provider-1',
    whenKilled: { errorsEndMs: 2000, recoverMs: 5000 },
    whenFrozen: { errorsEndMs: 2000, recoverMs: 5000 },
  },
  {
    // The supervisor removes it from the group, and the other one takes its partitions; until then buyers are told 202.
    name: 'worker',
    what: 'the order-worker that decides this stock',
    find: ({ system, sid }) => findOwner(system, sid),
    whenKilled: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
    whenFrozen: { errorsEndMs: 0, pauseMs: 5000, recoverMs: 5000 },
  },
  {
    name: 'redis',
    what: 'Redis',
    find: () => 'redis',
    whenKilled: { errorsEndMs: 0, recoverMs: 5000 },
    whenFrozen: { errorsEndMs: 0, recoverMs: 5000 },
  },
  {
    name: 'kafka',
    what: 'Kafka',
    find: () => 'kafka',
    whenKilled: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 10_000 },
    whenFrozen: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 10_000 },
  },
  {
    name: 'mysql',
    what: 'MySQL',
    find: () => 'mariadb',
    whenKilled: { orderErrors: 0, errorsEndAfterHealMs: 8000, recoverMs: 15_000 },
    whenFrozen: { orderErrors: 0, errorsEndAfterHealMs: 3000, recoverMs: 10_000 },
  },
  {
    name: 'nginx',
    what: 'nginx',
    find: () => 'nginx',
    whenKilled: { errorsEndMs: 3000, recoverMs: 5000 },
    // All who have waited for 8 s are answered at once then, or have given up.
    whenFrozen: { errorsEndAfterHealMs: 4000, recoverMs: 5000 },
  },
];

/** Each process killed, and started again by the supervisor; and each frozen for 8 s. */
export const processFaults: Fault[] = VICTIMS.flatMap(({ name, what, find, whenKilled, whenFrozen }) => [
  {
    name: `kill-${name}`,
    what: `kill -9 of ${what}`,
    bounds: whenKilled,
    lastsMs: 0,
    async inject(stage) {
      signalAll(stage, await find(stage), 'SIGKILL');
      return () => undefined;
    },
  },
  {
    name: `freeze-${name}`,
    what: `SIGSTOP of ${what} for 8 s`,
    bounds: whenFrozen,
    lastsMs: FROZEN_MS,
    async inject(stage) {
      return signalAll(stage, await find(stage), 'SIGSTOP');
    },
  },
]);

/** Signals the process and those it has started, such as nginx's workers. Returns what lets the same ones go on. */
function signalAll({ system }: Stage, name: string, signal: NodeJS.Signals): () => void {
  const pid = system.supervisor.pidOf(name);
  const leader = pid === undefined ? undefined : readProcess(pid);
  if (!leader) throw new Error(`${name} does not run`);
  const session = findSession(leader);
  for (const one of session) process.kill(one.pid, signal);
  return () => {
    for (const one of findSession(leader)) process.kill(one.pid, 'SIGCONT');
  };
}
