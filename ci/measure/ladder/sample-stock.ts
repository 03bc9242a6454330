import type { Knex } from 'knex';

export type StockCount = {
  /** What the stock's own counter says. */
  sale: number;
  count: number;
  /** Orders that hold a unit. */
  orders: number;
};

const FIRST_EVERY_MS = 50;
// A moment at the start matters as much as ten at the end; with this some 60 looks reach over a minute.
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

/** Looks at the stock now and then, `most` times at most, until the returned function is called, which says how often it looked. */
export function sampleStock(
  mysql: Knex,
  sid: number,
  most: number,
  onSample: (ms: number, stock: StockCount) => void,
): () => Promise<number> {
  const startedMs = performance.now();
  const elapsed = () => performance.now() - startedMs;
  const end = Promise.withResolvers<void>();
  let looks = 0;
  let ended = false;

  async function look(): Promise<void> {
    while (!ended && looks < most) {
      const everyMs = Math.max(FIRST_EVERY_MS, elapsed() * EVERY_SHARE);
      let timer: NodeJS.Timeout | undefined;
      const pause = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, everyMs);
      });
      await Promise.race([pause, end.promise]);
      clearTimeout(timer);
      if (ended) return;
      looks += 1;
      const stock = await countStock(mysql, sid);
      if (!ended) onSample(Math.round(elapsed()), stock);
    }
  }

  // A look that fails ends the looking; the count at the end, which matters, is made anew.
  const looking = look().catch(() => undefined);
  return async () => {
    ended = true;
    end.resolve();
    await looking;
    return looks;
  };
}
