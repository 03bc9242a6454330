// Original file: proto/flashsale/v1/stock.proto

import type { Long } from '@grpc/proto-loader';

export interface ListStocksRequestInput {
  'kind'?: (string);
  'afterSid'?: (number | string | Long);
  'pageSize'?: (number);
  'newestFirst'?: (boolean);
  'states'?: (string)[];
  'withHidden'?: (boolean);
  'hidden'?: (boolean);
  '_hidden'?: "hidden";
}

export interface ListStocksRequest {
  'kind': (string);
  'afterSid': (number);
  'pageSize': (number);
  'newestFirst': (boolean);
  'states': (string)[];
  'withHidden': (boolean);
  'hidden'?: (boolean);
  '_hidden'?: "hidden";
}
