import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<AbortSignal | undefined>();

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
  return scope.run(undefined, work);
}

/** The signal of the current caller; undefined if there is none. */
export function callerSignal(): AbortSignal | undefined {
  return scope.getStore();
}
