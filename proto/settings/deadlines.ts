import { Type } from 'typebox';
import { SettingsError } from './read-settings.ts';

type Deadline = {
  /** Milliseconds; where a setting has the name of the deadline, its default. */
  ms: number;
  what: string;
  /** Deadlines that pass one after the other within this one, and how often. A call takes one of the paths. */
  paths?: readonly Record<string, number>[];
};

/** An append that is not acknowledged is repeated once. */
export const APPEND_TRIES = 2;

/** The deadlines that contain others: each must be longer than every path within it. */
export const deadlines = {
  NGINX_READ: {
    ms: 5000,
    what: 'nginx waits for a consumer (proxy_read_timeout in nginx/flash-sale.conf.template)',
    // A payment page and an event of the gateway can take longer: buyer and gateway repeat them.
    paths: [
      { CONSUMER_STOCK_READ: 1, REDIS_CALL: 1, RISK_DEADLINE_MS: 1, ORDER_WAIT_MS: 1, LAST_LOOK: 1 },
      { CALL_DEADLINE_MS: 1 },
    ],
  },
  CONSUMER_STOCK_READ: { ms: 500, what: 'An order waits for the stock in a consumer' },
  REDIS_CALL: { ms: 350, what: 'A process waits for Redis before it continues without it' },
  RISK_DEADLINE_MS: { ms: 300, what: 'A consumer waits for the risk service of the shop' },
  ORDER_WAIT_MS: { ms: 2000, what: 'A consumer waits for a decision before it answers 202' },
  LAST_LOOK: { ms: 500, what: 'A consumer looks for the decision in the database before it answers 202' },
  CALL_DEADLINE_MS: {
    ms: 2800,
    what: 'A consumer waits for a provider',
    paths: [{ PROVIDER_STOCK_READ: 1, APPEND_DEADLINE_MS: APPEND_TRIES, DIRECT_DEADLINE_MS: 1 }],
  },
  PROVIDER_STOCK_READ: { ms: 300, what: 'A batch of orders waits for its stocks in a provider' },
  APPEND_DEADLINE_MS: { ms: 700, what: 'A provider waits for the log to acknowledge an append' },
  DIRECT_DEADLINE_MS: { ms: 1000, what: 'A provider waits for a direct decision' },
  REFUND: {
    ms: 5000,
    what: 'An order-worker waits for the payment gateway to refund',
    paths: [{ SANDBOX_REFUND: 1 }, { GATEWAY_REFUND: 1 }],
  },
  GATEWAY_OPEN: { ms: 2000, what: 'The client of a payment gateway waits for a payment page' },
  GATEWAY_READ: { ms: 2000, what: 'The client of a payment gateway waits for the state of a payment' },
  GATEWAY_END: { ms: 4000, what: 'The client of a payment gateway waits for the end of a payment page' },
  GATEWAY_REFUND: { ms: 4000, what: 'The client of a payment gateway waits for all calls of a refund' },
  SESSION: {
    ms: 5000,
    what: 'An order-worker waits for the payment gateway to read or end a session',
    paths: [{ GATEWAY_READ: 1 }, { GATEWAY_END: 1 }],
  },
  SANDBOX_REFUND: { ms: 4000, what: 'The client of the sandbox gateway waits for its answer' },
  WEBHOOK: { ms: 10_000, what: 'An order-worker waits for the endpoint of a webhook to answer' },
  STOP: {
    ms: 9000,
    what: 'A process waits for its own end after a signal',
    paths: [{ LOG_WORK: 1, LOG_COMMIT: 1, LOG_DISCONNECT: 1 }],
  },
  LOG_WORK: { ms: 2000, what: 'An order-worker that stops waits for its batches' },
  LOG_COMMIT: { ms: 3000, what: 'An order-worker that stops waits for its last commit of offsets' },
  LOG_DISCONNECT: { ms: 3000, what: 'A client of the log waits for its disconnect' },
} as const satisfies Record<string, Deadline>;

export type DeadlineName = keyof typeof deadlines;
type Values = Partial<Record<DeadlineName, number>>;

/** Settings of the providers; consumers read them to check their CALL_DEADLINE_MS. */
export const deadlineSettings = {
  APPEND_DEADLINE_MS: Type.Integer({
    minimum: 50,
    maximum: 10_000,
    default: deadlines.APPEND_DEADLINE_MS.ms,
    description: 'Maximum wait for the log to acknowledge an append, which is tried twice',
    unit: 'ms',
  }),
  DIRECT_DEADLINE_MS: Type.Integer({
    minimum: 50,
    maximum: 10_000,
    default: deadlines.DIRECT_DEADLINE_MS.ms,
    description: 'Maximum time to decide orders without the log',
    unit: 'ms',
  }),
};

/**
 * Throws a SettingsError where a path within a deadline takes as long as the deadline itself. `values`: the settings of one process. A
 * deadline that is a setting of another process is checked there, and counts here as long as its longest path.
 */
export function checkDeadlines(values: Values): void {
  for (const name of Object.keys(deadlines) as DeadlineName[]) {
    if (isSettingElsewhere(name, values)) continue;
    const ms = values[name] ?? deadlines[name].ms;
    for (const path of pathsOf(name)) {
      const neededMs = sumMs(path, values);
      if (neededMs >= ms) {
        const steps = describeSteps(path, values);
        throw new SettingsError(`settings: ${name} is ${ms} ms and must be longer than ${steps} = ${neededMs} ms`);
      }
    }
  }
}

type Path = [name: DeadlineName, times: number][];

function pathsOf(name: DeadlineName): Path[] {
  const { paths = [] }: Deadline = deadlines[name];
  return paths.map((path) => Object.entries(path) as Path);
}

function isSettingElsewhere(name: DeadlineName, values: Values): boolean {
  return name.endsWith('_MS') && values[name] === undefined;
}

function sumMs(path: Path, values: Values): number {
  return path.reduce((sum, [name, times]) => sum + times * longestMs(name, values), 0);
}

function longestMs(name: DeadlineName, values: Values): number {
  const within = pathsOf(name);
  if (isSettingElsewhere(name, values) && within.length > 0)
    return Math.max(...within.map((path) => sumMs(path, values)));
  return values[name] ?? deadlines[name].ms;
}

function describeSteps(path: Path, values: Values): string {
  return path
    .flatMap(([name, times]) => (isSettingElsewhere(name, values) && pathsOf(name)[0]) || [[name, times] as const])
    .map(([name, times]) => `${times > 1 ? `${times} × ` : ''}${name} (${longestMs(name, values)})`)
    .join(' + ');
}
