// Original file: proto/flashsale/v1/stock.proto

import type { StockInput as _flashsale_v1_StockInput, Stock as _flashsale_v1_Stock } from '../../flashsale/v1/Stock.ts';

export interface ListStocksReplyInput {
  'stocks'?: (_flashsale_v1_StockInput)[];
}

export interface ListStocksReply {
  'stocks': (_flashsale_v1_Stock)[];
}
