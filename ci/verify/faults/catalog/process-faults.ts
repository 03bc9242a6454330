import type { ExpectedAlarm } from '../alarms/expected-alarm.ts';
import { findOwner } from '../system/find-owner.ts';
import { signalProcess } from '../system/signal-process.ts';
import { type Bounds, type Fault, LATE_LOG_ERRORS, type Stage } from './fault.ts';

type Victim = {
  name: string;
  what: string;
  find(stage: Stage): Promise<string> | string;
  whenKilled: Bounds;
  whenFrozen: Bounds;
  alarmWhenKilled: ExpectedAlarm;
  alarmWhenFrozen: ExpectedAlarm;
};

const FROZEN_MS = 8000;
// The supervisor also ends a frozen process, and starts it again. Whether that takes one or several seconds depends on the machine.
const AWAY = { name: 'ProcessRestarted', or: 'ProcessDown' };
const RESTARTED = { alarmWhenKilled: AWAY, alarmWhenFrozen: AWAY };
const BACK_AT_ONCE = { none: 'it is back within half a second' };

const VICTIMS: Victim[] = [
  {
    name: 'consumer',
    what: 'one of two consumers',
    find: () => 'consumer-1',
    whenKilled: { errorsEndMs: 2000, recoverMs: 5000 },
    whenFrozen: { errorsEndMs: 2000, recoverMs: 5000 },
    ...RESTARTED,
  },
  {
    name: 'provider',
    what: 'one of two providers',
    find: () => 'provider-1',
    whenKilled: { errorsEndMs: 2000, recoverMs: 5000 },
    whenFrozen: { errorsEndMs: 2000, recoverMs: 5000 },
    ...RESTARTED,
  },
  {
    // The supervisor removes it from the group, and the other one takes its partitions; until then orders are answered with 202.
    name: 'worker',
    what: 'the order-worker that decides this stock',
    find: ({ system, sid }) => findOwner(system, sid),
    whenKilled: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
    whenFrozen: { errorsEndMs: 0, pauseMs: 5000, recoverMs: 5000 },
    ...RESTARTED,
  },
  {
    name: 'redis',
    what: 'Redis',
    find: () => 'redis',
    whenKilled: { errorsEndMs: 0, recoverMs: 5000 },
    whenFrozen: { errorsEndMs: 0, recoverMs: 5000 },
    alarmWhenKilled: BACK_AT_ONCE,
    alarmWhenFrozen: { name: 'RedisDown' },
  },
  {
    name: 'kafka',
    what: 'Kafka',
    find: () => 'kafka',
    whenKilled: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 10_000 },
    whenFrozen: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 10_000 },
    alarmWhenKilled: { name: 'KafkaDown' },
    alarmWhenFrozen: { name: 'KafkaDown' },
  },
  {
    name: 'mysql',
    what: 'MySQL',
    find: () => 'mariadb',
    whenKilled: { orderErrors: LATE_LOG_ERRORS, errorsEndAfterHealMs: 8000, recoverMs: 15_000 },
    whenFrozen: { orderErrors: LATE_LOG_ERRORS, errorsEndAfterHealMs: 3000, recoverMs: 10_000 },
    alarmWhenKilled: BACK_AT_ONCE,
    alarmWhenFrozen: { name: 'MySQLDown' },
  },
  {
    name: 'nginx',
    what: 'nginx',
    find: () => 'nginx',
    whenKilled: { errorsEndMs: 3000, recoverMs: 5000 },
    // Requests that have waited for 8 s are then answered at once, or were aborted.
    whenFrozen: { errorsEndAfterHealMs: 4000, recoverMs: 5000 },
    alarmWhenKilled: BACK_AT_ONCE,
    alarmWhenFrozen: { name: 'NginxDown' },
  },
];

/** Each process killed, and restarted by the supervisor; each process frozen for 8 s. */
export const processFaults: Fault[] = VICTIMS.flatMap(({ name, what, find, whenKilled, whenFrozen, ...alarms }) => [
  {
    name: `kill-${name}`,
    what: `kill -9 of ${what}`,
    bounds: whenKilled,
    alarm: alarms.alarmWhenKilled,
    lastsMs: 0,
    async inject(stage) {
      signalProcess(stage.system, await find(stage), 'SIGKILL');
      return () => undefined;
    },
  },
  {
    name: `freeze-${name}`,
    what: `SIGSTOP of ${what} for 8 s`,
    bounds: whenFrozen,
    alarm: alarms.alarmWhenFrozen,
    lastsMs: FROZEN_MS,
    async inject(stage) {
      return signalProcess(stage.system, await find(stage), 'SIGSTOP');
    },
  },
]);
