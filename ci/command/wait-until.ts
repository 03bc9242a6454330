import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 50;

/** Repeats `check` until it does not throw; resolves with its result. After `limitMs`, rejects with `what` and the last error. */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T> | T,
  options: { limitMs: number; signal?: AbortSignal },
): Promise<T> {
  const deadline = performance.now() + options.limitMs;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await check();
    } catch (cause) {
      if (performance.now() > deadline) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`${what}: not within ${options.limitMs / 1000} s (${why})`, { cause });
      }
    }
    await sleep(RETRY_MS, undefined, options.signal ? { signal: options.signal } : {});
  }
}
