// Original file: proto/flashsale/v1/webhook.proto

import type { ActorInput as _flashsale_v1_ActorInput, Actor as _flashsale_v1_Actor } from '../../flashsale/v1/Actor.ts';

export interface CreateWebhookRequestInput {
  'url'?: (string);
  'description'?: (string);
  'events'?: (string)[];
  'actor'?: (_flashsale_v1_ActorInput | null);
}

export interface CreateWebhookRequest {
  'url': (string);
  'description': (string);
  'events': (string)[];
  'actor': (_flashsale_v1_Actor | null);
}
