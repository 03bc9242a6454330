// Original file: proto/flashsale/v1/stock.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from '../../flashsale/v1/IdempotentRequest.ts';
import type { Long } from '@grpc/proto-loader';

export interface UpdateStockRequestInput {
  'sid'?: (number | string | Long);
  'name'?: (string);
  'priceCents'?: (number | string | Long);
  'opensAtMs'?: (number | string | Long);
  'closesAtMs'?: (number | string | Long);
  'paused'?: (boolean);
  'addUnits'?: (number | string | Long);
  'clearOpensAt'?: (boolean);
  'clearClosesAt'?: (boolean);
  'actor'?: (_flashsale_v1_ActorInput | null);
  'hidden'?: (boolean);
  'maxPerOrder'?: (number);
  'reference'?: (string);
  'metadata'?: (string);
  'description'?: (string);
  'pictureUrl'?: (string);
  'compareAtPriceCents'?: (number | string | Long);
  'expectedVersion'?: (number | string | Long);
  'idempotency'?: (_flashsale_v1_IdempotentRequestInput | null);
  '_name'?: "name";
  '_priceCents'?: "priceCents";
  '_opensAtMs'?: "opensAtMs";
  '_closesAtMs'?: "closesAtMs";
  '_paused'?: "paused";
  '_addUnits'?: "addUnits";
  '_hidden'?: "hidden";
  '_expectedVersion'?: "expectedVersion";
  '_reference'?: "reference";
  '_metadata'?: "metadata";
  '_description'?: "description";
  '_pictureUrl'?: "pictureUrl";
  '_compareAtPriceCents'?: "compareAtPriceCents";
  '_maxPerOrder'?: "maxPerOrder";
}

export interface UpdateStockRequest {
  'sid': (number);
  'name'?: (string);
  'priceCents'?: (number);
  'opensAtMs'?: (number);
  'closesAtMs'?: (number);
  'paused'?: (boolean);
  'addUnits'?: (number);
  'clearOpensAt': (boolean);
  'clearClosesAt': (boolean);
  'actor': (_flashsale_v1_Actor | null);
  'hidden'?: (boolean);
  'maxPerOrder'?: (number);
  'reference'?: (string);
  'metadata'?: (string);
  'description'?: (string);
  'pictureUrl'?: (string);
  'compareAtPriceCents'?: (number);
  'expectedVersion'?: (number);
  'idempotency': (_flashsale_v1_IdempotentRequest | null);
  '_name'?: "name";
  '_priceCents'?: "priceCents";
  '_opensAtMs'?: "opensAtMs";
  '_closesAtMs'?: "closesAtMs";
  '_paused'?: "paused";
  '_addUnits'?: "addUnits";
  '_hidden'?: "hidden";
  '_expectedVersion'?: "expectedVersion";
  '_reference'?: "reference";
  '_metadata'?: "metadata";
  '_description'?: "description";
  '_pictureUrl'?: "pictureUrl";
  '_compareAtPriceCents'?: "compareAtPriceCents";
  '_maxPerOrder'?: "maxPerOrder";
}
