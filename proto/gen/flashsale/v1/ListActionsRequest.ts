// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface ListActionsRequestInput {
  'beforeId'?: (number | string | Long);
  'pageSize'?: (number);
}

export interface ListActionsRequest {
  'beforeId': (number);
  'pageSize': (number);
}
