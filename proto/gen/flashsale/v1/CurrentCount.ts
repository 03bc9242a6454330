// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface CurrentCountInput {
  'left'?: (number | string | Long);
  'servedBy'?: (string);
}

export interface CurrentCount {
  'left': (number);
  'servedBy': (string);
}
