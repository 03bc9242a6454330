// Original file: proto/flashsale/v1/draw.proto

import type { Long } from '@grpc/proto-loader';

export interface LeaveDrawRequestInput {
  'sid'?: (number | string | Long);
  'buyer'?: (string);
}

export interface LeaveDrawRequest {
  'sid': (number);
  'buyer': (string);
}
