// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface CreateOrderRequestInput {
  'sid'?: (number | string | Long);
}

export interface CreateOrderRequest {
  'sid': (number);
}
