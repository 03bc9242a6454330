const INTERRUPTED = 130;
const REPEAT_MS = 2000;

/**
 * Calls `stop` once, on Ctrl-C, SIGTERM, a closed terminal, or when the parent process has ended.
 * Ctrl-C arrives several times: from the terminal, from npm and from the front.
 */
export function stopOnSignal(stop: (reason: string) => void): void {
  let stoppingSince: number | undefined;
  const receive = (reason: string) => {
    if (stoppingSince === undefined) {
      stoppingSince = performance.now();
      stop(reason);
    } else if (performance.now() - stoppingSince > REPEAT_MS) {
      console.log('· already stopping; servers that do not stop in time are killed');
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, receive);
  process.on('disconnect', () => receive('the end of the parent process'));
  // The terminal may be gone while the servers are being stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Like `stopOnSignal`: waits for `stop`, then ends this process with exit code 130. */
export function exitOnSignal(stop: (reason: string) => Promise<unknown>): void {
  stopOnSignal((reason) => void stop(reason).finally(() => process.exit(INTERRUPTED)));
}
