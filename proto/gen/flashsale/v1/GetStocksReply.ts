// Original file: proto/flashsale/v1/stock.proto

import type { StockResultInput as _flashsale_v1_StockResultInput, StockResult as _flashsale_v1_StockResult } from '../../flashsale/v1/StockResult.ts';

export interface GetStocksReplyInput {
  'results'?: (_flashsale_v1_StockResultInput)[];
}

export interface GetStocksReply {
  'results': (_flashsale_v1_StockResult)[];
}
