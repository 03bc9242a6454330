// Original file: proto/flashsale/v1/webhook.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from '../../flashsale/v1/IdempotentRequest.ts';

export interface CreateWebhookRequestInput {
  'url'?: (string);
  'description'?: (string);
  'events'?: (string)[];
  'actor'?: (_flashsale_v1_ActorInput | null);
  'idempotency'?: (_flashsale_v1_IdempotentRequestInput | null);
}

export interface CreateWebhookRequest {
  'url': (string);
  'description': (string);
  'events': (string)[];
  'actor': (_flashsale_v1_Actor | null);
  'idempotency': (_flashsale_v1_IdempotentRequest | null);
}
