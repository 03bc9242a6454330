// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface ListDeadLettersRequestInput {
  'beforeOffset'?: (number | string | Long);
  'pageSize'?: (number);
}

export interface ListDeadLettersRequest {
  'beforeOffset': (number);
  'pageSize': (number);
}
