// Original file: proto/flashsale/v1/order.proto

import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from '../../flashsale/v1/IdempotentRequest.ts';

export interface CancelOrderRequestInput {
  'orderNo'?: (string);
  'buyer'?: (string);
  'idempotency'?: (_flashsale_v1_IdempotentRequestInput | null);
}

export interface CancelOrderRequest {
  'orderNo': (string);
  'buyer': (string);
  'idempotency': (_flashsale_v1_IdempotentRequest | null);
}
