// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface GetStockRequestInput {
  'sid'?: (number | string | Long);
}

export interface GetStockRequest {
  'sid': (number);
}
