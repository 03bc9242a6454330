export type { StockState } from '../../db/stocks/stock-table.ts';
export type { StockView as Stock } from '../stocks/stock-view.ts';
