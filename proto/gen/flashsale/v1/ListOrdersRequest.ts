// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface ListOrdersRequestInput {
  'buyer'?: (string);
  'sid'?: (number | string | Long);
  'cursor'?: (string);
  'pageSize'?: (number);
}

export interface ListOrdersRequest {
  'buyer': (string);
  'sid': (number);
  'cursor': (string);
  'pageSize': (number);
}
