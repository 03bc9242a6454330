// Original file: proto/flashsale/internal/v1/internal.proto

import type { Long } from '@grpc/proto-loader';

export interface OrderRecordInput {
  'version'?: (number);
  'orderNo'?: (string);
  'sid'?: (number | string | Long);
  'buyer'?: (string);
  'replyTo'?: (string);
  'mintedAtMs'?: (number | string | Long);
  'stampMs'?: (number | string | Long);
  'takesNoUnit'?: (boolean);
  'maxPriceCents'?: (number | string | Long);
  'metClosed'?: (boolean);
  'compactOrders'?: (Buffer | Uint8Array | string);
  '_maxPriceCents'?: "maxPriceCents";
}

export interface OrderRecord {
  'version': (number);
  'orderNo': (string);
  'sid': (number);
  'buyer': (string);
  'replyTo': (string);
  'mintedAtMs': (number);
  'stampMs': (number);
  'takesNoUnit': (boolean);
  'maxPriceCents'?: (number);
  'metClosed': (boolean);
  'compactOrders': (Buffer);
  '_maxPriceCents'?: "maxPriceCents";
}
