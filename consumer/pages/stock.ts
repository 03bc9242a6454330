import type { StockView } from '../stocks/stock-view.ts';

export type { StockState } from '../../db/stocks/stock-table.ts';

/** Servers of the release before draws send none of the fields below. */
export type Stock = StockView & {
  mode?: 'rush' | 'draw' | 'line';
  /** `open`: buyers may join. `waiting`: some do. Null: no line can come. */
  line?: { state: 'open' | 'waiting' | 'ended' } | null;
  entriesOpenAt?: string | null;
  entriesCloseAt?: string | null;
};

/** Whether units go to entries by their places. In mode `rush` only while a line is open. */
export function goesToEntries({ mode = 'rush', line = null }: Stock): boolean {
  return mode !== 'rush' || line?.state === 'open' || line?.state === 'waiting';
}
