import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** The route of orders, as named in the request metrics. */
export const ORDERS_ROUTE = '/api/v1/stocks/:sid/orders';

const MAX_BYTES = 64 * 1024;
const MAX_ENTRIES = 300;

const key = Type.String({ pattern: '^[A-Za-z0-9_:.+-]{1,64}$' });
const numbers = Type.Record(key, Type.Number(), { maxProperties: MAX_ENTRIES, additionalProperties: false });

/**
 * The counters that each process publishes once a second. `counts` increase from 0 at the start of the process:
 * - `cpuMs`
 * - `status:201` and so on: responses to orders (consumer and nginx)
 * - `answered:CONFIRMED`: responses with that decision (consumer)
 * - `within:0.05`: such responses within so many seconds; `within:+Inf`: all of them
 * - `committed:SOLD_OUT:log`: orders decided for the first time, by decision and decider (order-worker, provider)
 * - `cached`, `limited`: responses of nginx from its sold-out cache, and by its rate limits
 *
 * `levels` are current values: `waiting`, `undecided`, `listeners` (consumer), and `lag:3`, the pending records of partition 3
 * (order-worker).
 */
const liveReportSchema = Type.Object({
  name: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
  kind: Type.Enum(['consumer', 'provider', 'order-worker', 'nginx']),
  /** Changes at each start, when the counts restart from 0. */
  startId: Type.String({ minLength: 1, maxLength: 64 }),
  memoryMb: Type.Number(),
  /** 99th percentile of the event loop delay; null: not a Node.js process. */
  eventLoopMs: Type.Union([Type.Number(), Type.Null()]),
  counts: numbers,
  levels: numbers,
});

export type LiveReport = Static<typeof liveReportSchema>;

const check = Compile(liveReportSchema);

export function encodeLiveReport(report: LiveReport): string {
  return JSON.stringify(report);
}

/** Null if the text is not a report of this release. */
export function decodeLiveReport(text: string): LiveReport | null {
  if (text.length > MAX_BYTES) return null;
  try {
    const value: unknown = JSON.parse(text);
    return check.Check(value) ? value : null;
  } catch {
    return null;
  }
}
