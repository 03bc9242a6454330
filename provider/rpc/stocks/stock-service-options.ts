import type { Logger } from 'pino';
import type { Stock } from '../../../db/stocks/stock-table.ts';
import type { DrawOptions } from '../draw-options.ts';
import type { ServiceOptions } from '../service-options.ts';

export type StockServiceOptions = ServiceOptions & {
  logger: Logger;
  /** Aborted when this process closes, which ends background audits. */
  closing: AbortSignal;
  /** No two stocks may have the same reference. */
  uniqueStockReferences: boolean;
  /** Called after an administrator's change of a stock is committed. */
  onStockChanged(stock: Stock): void;
  /** Highest maxPerOrder of a stock. */
  maxPerOrder: number;
  draws: DrawOptions;
};
