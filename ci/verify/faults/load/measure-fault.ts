import type { AnswerLine, AskLine, Exchange } from './journal.ts';

/** The effects of a fault on buyers. Times in milliseconds; null if there was no such event. */
export type FaultFigures = {
  requests: number;
  /** Responses with 5xx, and missing responses to requests that were not aborted. */
  errors: number;
  /** Errors of orders; other requests are repeated without harm. */
  orderErrors: number;
  /** Counts by kind, such as `POST order 502`. */
  errorKinds: Record<string, number>;
  /** Errors before the fault, caused by the machine. */
  errorsBefore: number;
  /** Rejected on purpose: 429, and 503 with code `busy`. */
  rejected: number;
  /** Orders answered with 202. */
  accepted: number;
  confirmed: number;
  /** From the beginning and from the end of the fault to the last error. */
  errorsEndMs: number | null;
  errorsEndAfterHealMs: number | null;
  /** Longest time without a confirmation, since the fault and before it. */
  longestPauseMs: number;
  pauseBeforeMs: number;
  /** From the end of the fault to the first confirmation that is followed by no error and no long pause. */
  recoveredMs: number | null;
};

/** Moments of a run, in milliseconds since 1970. */
export type Moments = { startedMs: number; injectedMs: number; healedMs: number };

/** A longer time without a confirmation is not a recovered system. */
const LONG_PAUSE_MS = 1000;

function isRejected({ status, code }: AnswerLine): boolean {
  return status === 429 || (status === 503 && code === 'busy');
}

export function isError(answer: AnswerLine): boolean {
  return (answer.status === 0 && !answer.abandoned) || (answer.status >= 500 && !isRejected(answer));
}

/** A confirmation in the response to an order or to a poll. */
export function isConfirmation({ method }: AskLine, { status, decision }: AnswerLine): boolean {
  return (method === 'POST' && status === 201) || (method === 'GET' && status === 200 && decision === 'confirmed');
}

/** `exchanges`: of the load only; the buyers after it would hide a pause. */
export function measureFault(exchanges: Exchange[], { startedMs, injectedMs, healedMs }: Moments): FaultFigures {
  const answers = exchanges.flatMap(({ ask, answer }) => (answer ? [{ ask, answer }] : []));
  const failed = answers.filter(({ answer }) => isError(answer));
  const errors = failed.map(({ answer }) => answer.atMs);
  const after = errors.filter((atMs) => atMs >= injectedMs);
  const confirmedMs = firstConfirmed(answers).sort((a, b) => a - b);
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
    rejected: answers.filter(({ answer }) => isRejected(answer)).length,
    accepted: answers.filter(({ ask, answer }) => ask.method === 'POST' && answer.status === 202).length,
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

/** The time of the first confirmation of each order number. */
function firstConfirmed(answers: { ask: AskLine; answer: AnswerLine }[]): number[] {
  const times = new Map<string, number>();
  for (const { ask, answer } of answers) {
    if (!isConfirmation(ask, answer)) continue;
    times.set(answer.orderNo, Math.min(answer.atMs, times.get(answer.orderNo) ?? answer.atMs));
  }
  return [...times.values()];
}

function pausesOf(timesMs: number[]): { endMs: number; lengthMs: number }[] {
  return timesMs.slice(1).map((endMs, i) => ({ endMs, lengthMs: endMs - (timesMs[i] ?? endMs) }));
}
