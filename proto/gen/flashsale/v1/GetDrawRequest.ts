// Original file: proto/flashsale/v1/draw.proto

import type { Long } from '@grpc/proto-loader';

export interface GetDrawRequestInput {
  'sid'?: (number | string | Long);
}

export interface GetDrawRequest {
  'sid': (number);
}
