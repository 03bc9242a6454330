import type { StockView } from '../stocks/stock-view.ts';

export type { StockState } from '../../db/stocks/stock-table.ts';

type OfDraws = {
  mode: 'rush' | 'draw' | 'line';
  /** `open`: buyers may join. `waiting`: some wait. `ended`: the sale has closed. */
  line: { state: 'open' | 'waiting' | 'ended' } | null;
  entriesOpenAt: string | null;
  entriesCloseAt: string | null;
};

/** Servers of the release before send no fields of draws. */
export type Stock = Omit<StockView, keyof OfDraws> & Partial<OfDraws>;

/** Whether units go to entries by their places. After a rush: once a line is open, to its end with the sale. */
export function goesToEntries({ mode = 'rush', line = null }: Stock): boolean {
  return mode !== 'rush' || line !== null;
}
