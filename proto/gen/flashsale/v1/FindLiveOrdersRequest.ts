// Original file: proto/flashsale/v1/order.proto

import type { BuyerOfStockInput as _flashsale_v1_BuyerOfStockInput, BuyerOfStock as _flashsale_v1_BuyerOfStock } from '../../flashsale/v1/BuyerOfStock.ts';

export interface FindLiveOrdersRequestInput {
  'pairs'?: (_flashsale_v1_BuyerOfStockInput)[];
}

export interface FindLiveOrdersRequest {
  'pairs': (_flashsale_v1_BuyerOfStock)[];
}
