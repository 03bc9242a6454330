// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface AuditStockRequestInput {
  'sid'?: (number | string | Long);
}

export interface AuditStockRequest {
  'sid': (number);
}
