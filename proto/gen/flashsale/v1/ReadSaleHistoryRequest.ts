// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface ReadSaleHistoryRequestInput {
  'sid'?: (number | string | Long);
  'fromMs'?: (number | string | Long);
  'untilMs'?: (number | string | Long);
  '_fromMs'?: "fromMs";
  '_untilMs'?: "untilMs";
}

export interface ReadSaleHistoryRequest {
  'sid': (number);
  'fromMs'?: (number);
  'untilMs'?: (number);
  '_fromMs'?: "fromMs";
  '_untilMs'?: "untilMs";
}
