// Original file: proto/flashsale/v1/order.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from '../../flashsale/v1/IdempotentRequest.ts';

export interface CancelOrderRequestInput {
  'orderNo'?: (string);
  'buyer'?: (string);
  'actor'?: (_flashsale_v1_ActorInput | null);
  'reason'?: (string);
  'idempotency'?: (_flashsale_v1_IdempotentRequestInput | null);
}

export interface CancelOrderRequest {
  'orderNo': (string);
  'buyer': (string);
  'actor': (_flashsale_v1_Actor | null);
  'reason': (string);
  'idempotency': (_flashsale_v1_IdempotentRequest | null);
}
