// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface OrderRecordInput {
  'version'?: (number);
  'orderNo'?: (string);
  'sid'?: (number | string | Long);
  'buyer'?: (string);
  'replyTo'?: (string);
  'mintedAtMs'?: (number | string | Long);
}

export interface OrderRecord {
  'version': (number);
  'orderNo': (string);
  'sid': (number);
  'buyer': (string);
  'replyTo': (string);
  'mintedAtMs': (number);
}
