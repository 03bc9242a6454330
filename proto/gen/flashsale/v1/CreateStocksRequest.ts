// Original file: proto/flashsale/v1/stock.proto

import type { CreateStockRequestInput as _flashsale_v1_CreateStockRequestInput, CreateStockRequest as _flashsale_v1_CreateStockRequest } from '../../flashsale/v1/CreateStockRequest.ts';
import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from '../../flashsale/v1/IdempotentRequest.ts';

export interface CreateStocksRequestInput {
  'items'?: (_flashsale_v1_CreateStockRequestInput)[];
  'actor'?: (_flashsale_v1_ActorInput | null);
  'idempotency'?: (_flashsale_v1_IdempotentRequestInput | null);
}

export interface CreateStocksRequest {
  'items': (_flashsale_v1_CreateStockRequest)[];
  'actor': (_flashsale_v1_Actor | null);
  'idempotency': (_flashsale_v1_IdempotentRequest | null);
}
