// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface BuyerOfStockInput {
  'sid'?: (number | string | Long);
  'buyer'?: (string);
}

export interface BuyerOfStock {
  'sid': (number);
  'buyer': (string);
}
