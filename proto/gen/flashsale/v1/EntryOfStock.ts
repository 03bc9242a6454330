// Original file: proto/flashsale/v1/draw.proto

import type { Long } from '@grpc/proto-loader';

export interface EntryOfStockInput {
  'sid'?: (number | string | Long);
  'buyer'?: (string);
}

export interface EntryOfStock {
  'sid': (number);
  'buyer': (string);
}
