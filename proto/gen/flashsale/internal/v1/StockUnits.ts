// Original file: proto/flashsale/internal/v1/internal.proto

import type { Long } from '@grpc/proto-loader';

export interface StockUnitsInput {
  'sid'?: (number | string | Long);
  'count'?: (number | string | Long);
  'sale'?: (number | string | Long);
  'version'?: (number | string | Long);
}

export interface StockUnits {
  'sid': (number);
  'count': (number);
  'sale': (number);
  'version': (number);
}
