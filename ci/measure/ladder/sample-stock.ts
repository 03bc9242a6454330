import type { Knex } from 'knex';

export type StockCount = {
  /** Units sold by the counter of the stock's row. */
  sale: number;
  count: number;
  /** Orders that hold a unit. */
  orders: number;
};

const FIRST_EVERY_MS = 50;
// The interval grows, so that some 60 samples cover a minute and most of them the start.
const EVERY_SHARE = 0.1;

export async function countStock(mysql: Knex, sid: number): Promise<StockCount> {
  const [rows] = (await mysql.raw(
    `SELECT sale, count, (SELECT COUNT(*) FROM stock_order WHERE sid = stock.id AND live = 1) AS orders
     FROM stock WHERE id = ?`,
    [sid],
  )) as [StockCount[]];
  if (!rows[0]) throw new Error(`stock ${sid} is gone`);
  return rows[0];
}

/** Samples the stock at most `max` times. The returned function stops it and resolves with the number of samples. */
export function sampleStock(
  mysql: Knex,
  sid: number,
  max: number,
  onSample: (ms: number, stock: StockCount) => void,
): () => Promise<number> {
  const startedMs = performance.now();
  const elapsed = () => performance.now() - startedMs;
  const end = Promise.withResolvers<void>();
  let samples = 0;
  let ended = false;

  async function sample(): Promise<void> {
    while (!ended && samples < max) {
      const everyMs = Math.max(FIRST_EVERY_MS, elapsed() * EVERY_SHARE);
      let timer: NodeJS.Timeout | undefined;
      const pause = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, everyMs);
      });
      await Promise.race([pause, end.promise]);
      clearTimeout(timer);
      if (ended) return;
      samples += 1;
      const stock = await countStock(mysql, sid);
      if (!ended) onSample(Math.round(elapsed()), stock);
    }
  }

  // A failed sample ends the sampling; the final count does not depend on it.
  const sampling = sample().catch(() => undefined);
  return async () => {
    ended = true;
    end.resolve();
    await sampling;
    return samples;
  };
}
