// Original file: proto/flashsale/v1/webhook.proto

import type { WebhookEventsInput as _flashsale_v1_WebhookEventsInput, WebhookEvents as _flashsale_v1_WebhookEvents } from '../../flashsale/v1/WebhookEvents.ts';
import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';
import type { IdempotentRequestInput as _flashsale_v1_IdempotentRequestInput, IdempotentRequest as _flashsale_v1_IdempotentRequest } from '../../flashsale/v1/IdempotentRequest.ts';
import type { Long } from '@grpc/proto-loader';

export interface UpdateWebhookRequestInput {
  'webhookId'?: (number | string | Long);
  'url'?: (string);
  'description'?: (string);
  'events'?: (_flashsale_v1_WebhookEventsInput | null);
  'state'?: (string);
  'actor'?: (_flashsale_v1_ActorInput | null);
  'idempotency'?: (_flashsale_v1_IdempotentRequestInput | null);
  '_url'?: "url";
  '_description'?: "description";
  '_state'?: "state";
}

export interface UpdateWebhookRequest {
  'webhookId': (number);
  'url'?: (string);
  'description'?: (string);
  'events': (_flashsale_v1_WebhookEvents | null);
  'state'?: (string);
  'actor': (_flashsale_v1_Actor | null);
  'idempotency': (_flashsale_v1_IdempotentRequest | null);
  '_url'?: "url";
  '_description'?: "description";
  '_state'?: "state";
}
