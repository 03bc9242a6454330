import type { ExpectedAlarm } from '../alarms/expected-alarm.ts';
import type { LinkName } from '../system/links.ts';
import { type Bounds, type Fault, LATE_LOG_ERRORS } from './fault.ts';

type LinkFault = { name: LinkName; what: string; whenCut: Bounds; whenSilent: Bounds; alarm: ExpectedAlarm };

const LASTS_MS = 4000;
const REDIS_DOWN = { name: 'RedisDown' };
const KAFKA_DOWN = { name: 'KafkaDown' };
// A worker notices the loss of the log by its membership of the group, which lasts 15 s.
const LOG_NOT_READ = { name: 'LogLagGrowing' };
const MYSQL_DOWN = { name: 'MySQLDown' };
const PASSED_OVER = { none: 'its callers pass it over, and the other one serves' };

// One of two replicas is unreachable. nginx detects a silent one only by its timeout of 5 s.
const ONE_CONSUMER = {
  whenCut: { errorsEndMs: 2000, recoverMs: 3000 },
  whenSilent: { errorsEndAfterHealMs: 3000, recoverMs: 5000 },
};
const ONE_PROVIDER = {
  whenCut: { errorsEndMs: 2000, recoverMs: 3000 },
  whenSilent: { errorsEndMs: 2000, recoverMs: 5000 },
};
// Redis affects speed only.
const REDIS = {
  whenCut: { errorsEndMs: 0, recoverMs: 5000 },
  whenSilent: { errorsEndMs: 0, recoverMs: 5000 },
} as const;
const KAFKA = {
  whenCut: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
  whenSilent: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
} as const;
// The order-workers' link to the log or to the rows: orders are pending and answered with 202.
const WORKER = {
  whenCut: { errorsEndMs: 0, recoverMs: 20_000 },
  whenSilent: { errorsEndMs: 0, recoverMs: 20_000 },
} as const;
const READS = {
  whenCut: { orderErrors: LATE_LOG_ERRORS, errorsEndAfterHealMs: 3000, recoverMs: 5000 },
  whenSilent: { orderErrors: LATE_LOG_ERRORS, errorsEndAfterHealMs: 3000, recoverMs: 5000 },
} as const;

const LINKS: LinkFault[] = [
  { name: 'nginx-consumer-1', what: 'nginx and one of two consumers', alarm: PASSED_OVER, ...ONE_CONSUMER },
  { name: 'consumer-provider-1', what: 'the consumers and one of two providers', alarm: PASSED_OVER, ...ONE_PROVIDER },
  { name: 'consumer-redis', what: 'the consumers and Redis', alarm: REDIS_DOWN, ...REDIS },
  { name: 'provider-redis', what: 'the providers and Redis', alarm: REDIS_DOWN, ...REDIS },
  { name: 'order-worker-redis', what: 'the order-workers and Redis', alarm: REDIS_DOWN, ...REDIS },
  { name: 'provider-kafka', what: 'the providers and Kafka', alarm: KAFKA_DOWN, ...KAFKA },
  { name: 'order-worker-kafka', what: 'the order-workers and Kafka', alarm: LOG_NOT_READ, ...WORKER },
  { name: 'provider-mysql', what: 'the providers and MySQL', alarm: MYSQL_DOWN, ...READS },
  { name: 'order-worker-mysql', what: 'the order-workers and MySQL', alarm: MYSQL_DOWN, ...WORKER },
];

/** A Produce request: the length is followed by the request's key, which is 0. */
const isAppend = (chunk: Buffer) => chunk.length > 6 && chunk.readInt16BE(4) === 0;
/** The procedure commits. */
const isCommit = (chunk: Buffer) => chunk.includes('COMMIT') || chunk.includes('CALL confirm_rush_orders');

const LOST_REPLIES: (Pick<LinkFault, 'name' | 'what' | 'alarm'> & {
  isRequest(chunk: Buffer): boolean;
  bounds: Bounds;
})[] = [
  {
    name: 'provider-kafka',
    what: 'appends arrive, but their replies are lost',
    isRequest: isAppend,
    alarm: { name: 'DecidedWithoutLog' },
    bounds: KAFKA.whenSilent,
  },
  {
    name: 'order-worker-mysql',
    what: 'the order-workers’ COMMITs arrive, but their replies are lost',
    isRequest: isCommit,
    alarm: { name: 'DecisionsRepeat' },
    bounds: WORKER.whenSilent,
  },
  {
    name: 'provider-mysql',
    what: 'without the log, the providers’ COMMITs arrive, but their replies are lost',
    isRequest: isCommit,
    alarm: KAFKA_DOWN,
    // Neither the log nor the database replies, so orders are answered with 503.
    bounds: { errorsEndAfterHealMs: 3000, recoverMs: 5000 },
  },
];

/** Each link cut; each link silent, with open connections; and lost replies to requests that were executed. */
export const linkFaults: Fault[] = [
  ...LINKS.flatMap(({ name, what, whenCut, whenSilent, alarm }): Fault[] => [
    {
      name: `cut-${name}`,
      what: `no connection between ${what} for 4 s`,
      bounds: whenCut,
      alarm,
      lastsMs: LASTS_MS,
      inject({ system }) {
        const link = system.links.of(name);
        link.cut();
        return () => link.restore();
      },
    },
    {
      name: `silence-${name}`,
      what: `no data between ${what} for 4 s`,
      bounds: whenSilent,
      alarm,
      lastsMs: LASTS_MS,
      inject({ system }) {
        const link = system.links.of(name);
        link.blackHole('all');
        return () => link.restore();
      },
    },
  ]),
  ...LOST_REPLIES.map(
    ({ name, what, isRequest, bounds, alarm }): Fault => ({
      name: `lost-replies-${name}`,
      what: `${what}, for 4 s`,
      bounds,
      alarm,
      lastsMs: LASTS_MS,
      inject({ system }) {
        const link = system.links.of(name);
        // The providers decide directly, and COMMIT, only while the log is unavailable.
        const log = name === 'provider-mysql' ? system.links.of('provider-kafka') : undefined;
        log?.cut();
        link.loseReplies(isRequest);
        return () => {
          log?.restore();
          link.restore();
        };
      },
    }),
  ),
];
