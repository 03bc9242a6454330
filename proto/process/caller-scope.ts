import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<AbortSignal | undefined>();

/** What work rejects with whose caller has gone away or whose time is up. */
export class GivenUpError extends Error {
  override name = 'GivenUpError';
}

/** Runs `work` for one caller: when `signal` is aborted, the statements that `work` has out are ended on the server. */
export function runForCaller<T>(signal: AbortSignal, work: () => T): T {
  return scope.run(signal, work);
}

/** Runs work that several callers wait for, such as a batch or a cached read: none of them alone ends it. */
export function runForAll<T>(work: () => T): T {
  return scope.run(undefined, work);
}

/** Of the caller that the running code works for; undefined where there is no such caller. */
export function callerSignal(): AbortSignal | undefined {
  return scope.getStore();
}
