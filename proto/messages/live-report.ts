import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** The route whose requests are the sale's orders, as measure-requests.ts names it. */
export const ORDERS_ROUTE = '/api/v1/stocks/:sid/orders';

const MAX_BYTES = 64 * 1024;
const MAX_ENTRIES = 300;

const key = Type.String({ pattern: '^[A-Za-z0-9_:.+-]{1,64}$' });
const numbers = Type.Record(key, Type.Number(), { maxProperties: MAX_ENTRIES, additionalProperties: false });

/**
 * What each process says of itself once a second. `counts` only grow, from 0 at the start of the process:
 * - `cpuMs`
 * - `status:201` and so on: POSTs of orders answered (consumer; nginx, which also answers by itself)
 * - `answered:CONFIRMED`: orders answered with that decision (consumer)
 * - `within:0.05`: those of them that took so many seconds at most; `within:+Inf` are all
 * - `committed:SOLD_OUT:log`: orders decided for the first time, by decision and by whom (order-worker, provider)
 * - `cached`, `limited`: answered by nginx itself from its cache of what is sold out, and refused by its limit
 *
 * `levels` are as they are now: `waiting`, `undecided`, `listeners` (consumer), and `lag:3`, the records of partition 3 that its
 * worker has still to decide.
 */
export const liveReportSchema = Type.Object({
  name: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
  kind: Type.Enum(['consumer', 'provider', 'order-worker', 'nginx']),
  /** Another one after each start: the counts begin anew with it. */
  startId: Type.String({ minLength: 1, maxLength: 64 }),
  memoryMb: Type.Number(),
  /** How much later than it should the event loop came round, at worst one time in a hundred; null: it has none. */
  eventLoopMs: Type.Union([Type.Number(), Type.Null()]),
  counts: numbers,
  levels: numbers,
});

export type LiveReport = Static<typeof liveReportSchema>;

const check = Compile(liveReportSchema);

export function encodeLiveReport(report: LiveReport): string {
  return JSON.stringify(report);
}

/** Null for what is no report: whoever may publish on the channel may be of another release. */
export function decodeLiveReport(text: string): LiveReport | null {
  if (text.length > MAX_BYTES) return null;
  try {
    const value: unknown = JSON.parse(text);
    return check.Check(value) ? value : null;
  } catch {
    return null;
  }
}
