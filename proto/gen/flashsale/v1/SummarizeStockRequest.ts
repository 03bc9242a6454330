// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface SummarizeStockRequestInput {
  'sid'?: (number | string | Long);
}

export interface SummarizeStockRequest {
  'sid': (number);
}
