// Original file: proto/flashsale/v1/webhook.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from '../../flashsale/v1/IdempotentRequest.ts';
import type { Long } from '@grpc/proto-loader';

export interface ReplayWebhookDeliveryRequestInput {
  'deliveryId'?: (number | string | Long);
  'actor'?: (_flashsale_v1_ActorInput | null);
  'idempotency'?: (_flashsale_v1_IdempotentRequestInput | null);
}

export interface ReplayWebhookDeliveryRequest {
  'deliveryId': (number);
  'actor': (_flashsale_v1_Actor | null);
  'idempotency': (_flashsale_v1_IdempotentRequest | null);
}
