// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface OrderRequestInput {
  'orderNo'?: (string);
  'sid'?: (number | string | Long);
  'buyer'?: (string);
  'mintedAtMs'?: (number | string | Long);
  'repeat'?: (boolean);
  'promised'?: (boolean);
  'takesNoUnit'?: (boolean);
  'maxPriceCents'?: (number | string | Long);
  'stampMs'?: (number | string | Long);
  'metClosed'?: (boolean);
  'quantity'?: (number);
  'reference'?: (string);
  'metadata'?: (string);
  '_maxPriceCents'?: "maxPriceCents";
}

export interface OrderRequest {
  'orderNo': (string);
  'sid': (number);
  'buyer': (string);
  'mintedAtMs': (number);
  'repeat': (boolean);
  'promised': (boolean);
  'takesNoUnit': (boolean);
  'maxPriceCents'?: (number);
  'stampMs': (number);
  'metClosed': (boolean);
  'quantity': (number);
  'reference': (string);
  'metadata': (string);
  '_maxPriceCents'?: "maxPriceCents";
}
