import type { LinkName } from '../system/links.ts';
import { type Bounds, type Fault, LATE_LOG_ERRORS } from './fault.ts';

type LinkFault = { name: LinkName; what: string; whenCut: Bounds; whenSilent: Bounds };

const LASTS_MS = 4000;

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
  { name: 'nginx-consumer-1', what: 'nginx and one of two consumers', ...ONE_CONSUMER },
  { name: 'consumer-provider-1', what: 'the consumers and one of two providers', ...ONE_PROVIDER },
  { name: 'consumer-redis', what: 'the consumers and Redis', ...REDIS },
  { name: 'provider-redis', what: 'the providers and Redis', ...REDIS },
  { name: 'order-worker-redis', what: 'the order-workers and Redis', ...REDIS },
  { name: 'provider-kafka', what: 'the providers and Kafka', ...KAFKA },
  { name: 'order-worker-kafka', what: 'the order-workers and Kafka', ...WORKER },
  { name: 'provider-mysql', what: 'the providers and MySQL', ...READS },
  { name: 'order-worker-mysql', what: 'the order-workers and MySQL', ...WORKER },
];

/** A Produce request: the length is followed by the request's key, which is 0. */
const isAppend = (chunk: Buffer) => chunk.length > 6 && chunk.readInt16BE(4) === 0;
/** The procedure commits. */
const isCommit = (chunk: Buffer) => chunk.includes('COMMIT') || chunk.includes('CALL confirm_rush_orders');

const LOST_REPLIES: (Omit<LinkFault, 'whenCut' | 'whenSilent'> & {
  isRequest(chunk: Buffer): boolean;
  bounds: Bounds;
})[] = [
  {
    name: 'provider-kafka',
    what: 'appends arrive, but their replies are lost',
    isRequest: isAppend,
    bounds: KAFKA.whenSilent,
  },
  {
    name: 'order-worker-mysql',
    what: 'the order-workers’ COMMITs arrive, but their replies are lost',
    isRequest: isCommit,
    bounds: WORKER.whenSilent,
  },
  {
    name: 'provider-mysql',
    what: 'without the log, the providers’ COMMITs arrive, but their replies are lost',
    isRequest: isCommit,
    // Neither the log nor the database replies, so orders are answered with 503.
    bounds: { errorsEndAfterHealMs: 3000, recoverMs: 5000 },
  },
];

/** Each link cut; each link silent, with open connections; and lost replies to requests that were executed. */
export const linkFaults: Fault[] = [
  ...LINKS.flatMap(({ name, what, whenCut, whenSilent }): Fault[] => [
    {
      name: `cut-${name}`,
      what: `no connection between ${what} for 4 s`,
      bounds: whenCut,
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
      lastsMs: LASTS_MS,
      inject({ system }) {
        const link = system.links.of(name);
        link.blackHole('all');
        return () => link.restore();
      },
    },
  ]),
  ...LOST_REPLIES.map(
    ({ name, what, isRequest, bounds }): Fault => ({
      name: `lost-replies-${name}`,
      what: `${what}, for 4 s`,
      bounds,
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
