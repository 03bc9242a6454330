// Original file: proto/flashsale/v1/order.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { Long } from '@grpc/proto-loader';

export interface RefundStockRequestInput {
  'sid'?: (number | string | Long);
  'reason'?: (string);
  'actor'?: (_flashsale_v1_ActorInput | null);
}

export interface RefundStockRequest {
  'sid': (number);
  'reason': (string);
  'actor': (_flashsale_v1_Actor | null);
}
