// Original file: proto/flashsale/v1/draw.proto

import type { Long } from '@grpc/proto-loader';

export interface EnterDrawRequestInput {
  'sid'?: (number | string | Long);
  'buyer'?: (string);
}

export interface EnterDrawRequest {
  'sid': (number);
  'buyer': (string);
}
