const repeatMs = 2000;

/**
 * Calls `stop` once, for Ctrl-C, SIGTERM, a closed terminal, or when the process that started this one is gone.
 * Ctrl-C arrives several times: from the terminal, and handed on by npm and by the front.
 */
export function stopOnSignal(stop: (why: string) => void): void {
  let stoppingSince: number | undefined;
  const receive = (why: string) => {
    if (stoppingSince === undefined) {
      stoppingSince = performance.now();
      stop(why);
    } else if (performance.now() - stoppingSince > repeatMs) {
      console.log('· stopping already: each server has a limit, after which it is killed');
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, receive);
  process.on('disconnect', () => receive('the end of the command that started it'));
  // The terminal may be gone while the servers are being stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
