import type { AnswerLine, AskLine, Exchange } from './journal.ts';

/** What buyers saw of a fault. Milliseconds; where it did not happen null. */
export type Seen = {
  requests: number;
  /** 5xx, or no answer to somebody who waited. */
  errors: number;
  /** Of these, orders: what else fails only tells somebody later. */
  orderErrors: number;
  /** How often each, as `POST order 502`. */
  errorKinds: Record<string, number>;
  /** Errors before anything was done: the machine's. */
  errorsBefore: number;
  /** Turned away on purpose: 429, and 503 with code busy. */
  shed: number;
  /** Answered 202 first. */
  promised: number;
  confirmed: number;
  /** From the fault's begin, and from its end, to the last error. */
  errorsEndMs: number | null;
  errorsEndAfterHealMs: number | null;
  /** Longest time without a confirmation from the fault on, and before it. */
  longestPauseMs: number;
  pauseBeforeMs: number;
  /** From the fault's end until the first confirmation that no error and no long pause follows. */
  recoveredMs: number | null;
};

/** Moments of a run, in milliseconds since 1970. */
export type Moments = { startedMs: number; injectedMs: number; healedMs: number };

/** Longer than this without a confirmation is not being served as before. */
const LONG_PAUSE_MS = 1000;

export function isShed({ status, code }: AnswerLine): boolean {
  return status === 429 || (status === 503 && code === 'busy');
}

export function isError(answer: AnswerLine): boolean {
  return (answer.status === 0 && !answer.abandoned) || (answer.status >= 500 && !isShed(answer));
}

/** A buyer hears of a unit: by the answer to the order, or by asking later. */
export function isConfirmation({ method }: AskLine, { status, decision }: AnswerLine): boolean {
  return (method === 'POST' && status === 201) || (method === 'GET' && status === 200 && decision === 'CONFIRMED');
}

/** `exchanges`: of the crowd alone; the buyers who come when all is over would hide a pause. */
export function measureBuyers(exchanges: Exchange[], { startedMs, injectedMs, healedMs }: Moments): Seen {
  const answers = exchanges.flatMap(({ ask, answer }) => (answer ? [{ ask, answer }] : []));
  const failed = answers.filter(({ answer }) => isError(answer));
  const errors = failed.map(({ answer }) => answer.atMs);
  const after = errors.filter((atMs) => atMs >= injectedMs);
  const confirmedMs = firstDelivered(answers).sort((a, b) => a - b);
  const pauses = pausesOf([startedMs, ...confirmedMs]);
  const during = pauses.filter(({ endMs }) => endMs > injectedMs);
  const lastError = after.length > 0 ? Math.max(...after) : null;
  const lastDisturbance = Math.max(
    healedMs,
    lastError ?? 0,
    ...during.filter(({ lengthMs }) => lengthMs > LONG_PAUSE_MS).map(({ endMs }) => endMs),
  );
  const next = confirmedMs.find((atMs) => atMs >= lastDisturbance);
  return {
    requests: exchanges.length,
    errors: after.length,
    orderErrors: failed.filter(({ ask, answer }) => answer.atMs >= injectedMs && isOrder(ask)).length,
    errorKinds: Object.fromEntries([...Map.groupBy(failed, kindOf)].map(([kind, list]) => [kind, list.length])),
    errorsBefore: errors.length - after.length,
    shed: answers.filter(({ answer }) => isShed(answer)).length,
    promised: answers.filter(({ ask, answer }) => ask.method === 'POST' && answer.status === 202).length,
    confirmed: confirmedMs.length,
    errorsEndMs: lastError && lastError - injectedMs,
    errorsEndAfterHealMs: lastError && Math.max(0, lastError - healedMs),
    longestPauseMs: Math.max(0, ...during.map(({ lengthMs }) => lengthMs)),
    pauseBeforeMs: Math.max(0, ...pauses.filter(({ endMs }) => endMs <= injectedMs).map(({ lengthMs }) => lengthMs)),
    recoveredMs: next === undefined ? null : next - healedMs,
  };
}

const isOrder = ({ method, path }: AskLine) => method === 'POST' && path.endsWith('/orders');

function kindOf({ ask, answer }: { ask: AskLine; answer: AnswerLine }): string {
  const what = isOrder(ask) ? 'order' : ask.path.startsWith('/api/v1/orders/') ? 'poll' : 'other';
  return `${ask.method} ${what} ${answer.status || 'no answer'}`;
}

/** When each confirmed number was told for the first time. */
function firstDelivered(answers: { ask: AskLine; answer: AnswerLine }[]): number[] {
  const told = new Map<string, number>();
  for (const { ask, answer } of answers) {
    if (!isConfirmation(ask, answer)) continue;
    told.set(answer.orderNo, Math.min(answer.atMs, told.get(answer.orderNo) ?? answer.atMs));
  }
  return [...told.values()];
}

function pausesOf(timesMs: number[]): { endMs: number; lengthMs: number }[] {
  return timesMs.slice(1).map((endMs, i) => ({ endMs, lengthMs: endMs - (timesMs[i] ?? endMs) }));
}
