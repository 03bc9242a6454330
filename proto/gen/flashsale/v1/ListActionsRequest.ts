// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface ListActionsRequestInput {
  'beforeId'?: (number | string | Long);
  'pageSize'?: (number);
  'sid'?: (number | string | Long);
}

export interface ListActionsRequest {
  'beforeId': (number);
  'pageSize': (number);
  'sid': (number);
}
