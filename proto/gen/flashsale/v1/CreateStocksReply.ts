// Original file: proto/flashsale/v1/stock.proto

import type { StockInput as _flashsale_v1_StockInput, Stock as _flashsale_v1_Stock } from '../../flashsale/v1/Stock.ts';
import type { RowFaultInput as _flashsale_v1_RowFaultInput, RowFault as _flashsale_v1_RowFault } from '../../flashsale/v1/RowFault.ts';

export interface CreateStocksReplyInput {
  'stocks'?: (_flashsale_v1_StockInput)[];
  'faults'?: (_flashsale_v1_RowFaultInput)[];
}

export interface CreateStocksReply {
  'stocks': (_flashsale_v1_Stock)[];
  'faults': (_flashsale_v1_RowFault)[];
}
