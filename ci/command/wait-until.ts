import { setTimeout as sleep } from 'node:timers/promises';

const betweenTriesMs = 50;

/** Repeats `check` until it no longer throws, and resolves with what it returned. After `limitMs` the error says what was waited for and why it failed. */
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
    await sleep(betweenTriesMs, undefined, options.signal ? { signal: options.signal } : {});
  }
}
