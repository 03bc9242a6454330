import { setTimeout as sleep } from 'node:timers/promises';
import type { BuyersProgress } from './buyers/run-buyers.ts';
import { createSaleClient } from './buyers/sale-client.ts';

const PROGRESS_MS = 1000;

/** One line a second, until it is called off. */
export function reportProgress(
  url: string,
  sid: number,
  progress: BuyersProgress,
  openedMs: number,
  print: (line: string) => void,
): () => Promise<void> {
  // A connection of its own: in the crowd's queue it would tell of the past.
  const client = createSaleClient(url, 1);
  const ended = new AbortController();
  let left: unknown = '?';
  let told = '';
  const readLeft = async () => {
    const { status, body } = await client.send({ method: 'GET', path: `/api/v1/stocks/${sid}` });
    if (status === 200) left = body.left;
  };
  const telling = (async () => {
    let isReading = false;
    while (!ended.signal.aborted) {
      await sleep(PROGRESS_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const { requests, confirmed, refused, limited, errors, pending, paid } = progress;
      const counts =
        `sent ${requests}, confirmed ${confirmed}, refused ${refused}, limited ${limited}, errors ${errors}, ` +
        `pending ${pending}, paid ${paid}, units left ${left}`;
      if (counts !== told) print(`  ${((performance.now() - openedMs) / 1000).toFixed(0).padStart(4)} s  ${counts}`);
      told = counts;
      if (isReading) continue;
      isReading = true;
      // The next line does not wait for it.
      void readLeft().finally(() => {
        isReading = false;
      });
    }
  })();
  return async () => {
    ended.abort();
    await telling;
    await client.close();
  };
}
