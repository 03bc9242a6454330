// Original file: proto/flashsale/v1/stock.proto

import type { GetStockRequestInput as _flashsale_v1_GetStockRequestInput, GetStockRequest as _flashsale_v1_GetStockRequest } from '../../flashsale/v1/GetStockRequest.ts';

export interface GetStocksRequestInput {
  'items'?: (_flashsale_v1_GetStockRequestInput)[];
}

export interface GetStocksRequest {
  'items': (_flashsale_v1_GetStockRequest)[];
}
