// Original file: proto/flashsale/v1/stock.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from '../../flashsale/v1/IdempotentRequest.ts';
import type { Long } from '@grpc/proto-loader';

export interface CreateStockRequestInput {
  'sid'?: (number | string | Long);
  'name'?: (string);
  'count'?: (number | string | Long);
  'priceCents'?: (number | string | Long);
  'kind'?: (string);
  'opensAtMs'?: (number | string | Long);
  'closesAtMs'?: (number | string | Long);
  'ladderLimit'?: (number);
  'currency'?: (string);
  'actor'?: (_flashsale_v1_ActorInput | null);
  'maxPerOrder'?: (number);
  'reference'?: (string);
  'metadata'?: (string);
  'description'?: (string);
  'pictureUrl'?: (string);
  'compareAtPriceCents'?: (number | string | Long);
  'idempotency'?: (_flashsale_v1_IdempotentRequestInput | null);
  'mode'?: (string);
  'entriesOpenAtMs'?: (number | string | Long);
  'entriesCloseAtMs'?: (number | string | Long);
  '_opensAtMs'?: "opensAtMs";
  '_closesAtMs'?: "closesAtMs";
  '_entriesOpenAtMs'?: "entriesOpenAtMs";
  '_entriesCloseAtMs'?: "entriesCloseAtMs";
}

export interface CreateStockRequest {
  'sid': (number);
  'name': (string);
  'count': (number);
  'priceCents': (number);
  'kind': (string);
  'opensAtMs'?: (number);
  'closesAtMs'?: (number);
  'ladderLimit': (number);
  'currency': (string);
  'actor': (_flashsale_v1_Actor | null);
  'maxPerOrder': (number);
  'reference': (string);
  'metadata': (string);
  'description': (string);
  'pictureUrl': (string);
  'compareAtPriceCents': (number);
  'idempotency': (_flashsale_v1_IdempotentRequest | null);
  'mode': (string);
  'entriesOpenAtMs'?: (number);
  'entriesCloseAtMs'?: (number);
  '_opensAtMs'?: "opensAtMs";
  '_closesAtMs'?: "closesAtMs";
  '_entriesOpenAtMs'?: "entriesOpenAtMs";
  '_entriesCloseAtMs'?: "entriesCloseAtMs";
}
