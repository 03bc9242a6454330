import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<AbortSignal | undefined>();
const requests = new AsyncLocalStorage<RequestIds | undefined>();

/** The ids of an HTTP request that its calls of other processes carry. */
export type RequestIds = { requestId: string; traceparent: string | undefined };

/** The caller of the work has disconnected, or its deadline has passed. */
export class GivenUpError extends Error {
  override name = 'GivenUpError';
}

/** Runs `work` for one caller: when `signal` is aborted, the running statements of `work` are ended on the server. */
export function runForCaller<T>(signal: AbortSignal, work: () => T): T {
  return scope.run(signal, work);
}

/** Runs work that several callers wait for, such as a batch or a cached read. No single caller can end it. */
export function runForAll<T>(work: () => T): T {
  return requests.run(undefined, () => scope.run(undefined, work));
}

/** Runs `work` for one HTTP request. */
export function runForRequest<T>(ids: RequestIds, work: () => T): T {
  return requests.run(ids, work);
}

/** The ids of the current HTTP request; undefined if the work is for none, or for several. */
export function requestIds(): RequestIds | undefined {
  return requests.getStore();
}

/** The signal of the current caller; undefined if there is none. */
export function callerSignal(): AbortSignal | undefined {
  return scope.getStore();
}
