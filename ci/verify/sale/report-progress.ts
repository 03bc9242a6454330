import { setTimeout as sleep } from 'node:timers/promises';
import { createHttpClient } from './buyers/http-client.ts';
import type { BuyersProgress } from './buyers/run-buyers.ts';

const INTERVAL_MS = 1000;

/** Prints one line per second until the returned function is called. */
export function reportProgress(
  url: string,
  sid: number,
  progress: BuyersProgress,
  openedMs: number,
  print: (line: string) => void,
): () => Promise<void> {
  // A separate connection: in the queue of the buyers' client, the number would be outdated.
  const client = createHttpClient(url, 1);
  const ended = new AbortController();
  let left: unknown = '?';
  let printed = '';
  let isReading = false;
  const readLeft = async () => {
    const { status, body } = await client.send({ method: 'GET', path: `/api/v1/stocks/${sid}` });
    if (status === 200) left = body.left;
    isReading = false;
  };
  const reporting = (async () => {
    while (!ended.signal.aborted) {
      await sleep(INTERVAL_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const { requests, confirmed, refused, limited, errors, pending, paid } = progress;
      const counts =
        `sent ${requests}, confirmed ${confirmed}, refused ${refused}, limited ${limited}, errors ${errors}, ` +
        `pending ${pending}, paid ${paid}, units left ${left}`;
      if (counts !== printed) print(`  ${((performance.now() - openedMs) / 1000).toFixed(0).padStart(4)} s  ${counts}`);
      printed = counts;
      // The next line does not wait for the read.
      if (isReading) continue;
      isReading = true;
      void readLeft();
    }
  })();
  return async () => {
    ended.abort();
    await reporting;
    await client.close();
  };
}
