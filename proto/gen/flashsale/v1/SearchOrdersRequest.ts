// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface SearchOrdersRequestInput {
  'buyer'?: (string);
  'sid'?: (number | string | Long);
  'states'?: (string)[];
  'reference'?: (string);
  'fromMs'?: (number | string | Long);
  'untilMs'?: (number | string | Long);
  'cursor'?: (string);
  'pageSize'?: (number);
  '_fromMs'?: "fromMs";
  '_untilMs'?: "untilMs";
}

export interface SearchOrdersRequest {
  'buyer': (string);
  'sid': (number);
  'states': (string)[];
  'reference': (string);
  'fromMs'?: (number);
  'untilMs'?: (number);
  'cursor': (string);
  'pageSize': (number);
  '_fromMs'?: "fromMs";
  '_untilMs'?: "untilMs";
}
