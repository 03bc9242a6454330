// Original file: proto/flashsale/v1/webhook.proto

import type { WebhookInput as _flashsale_v1_WebhookInput, Webhook as _flashsale_v1_Webhook } from '../../flashsale/v1/Webhook.ts';

export interface CreateWebhookReplyInput {
  'webhook'?: (_flashsale_v1_WebhookInput | null);
  'secret'?: (string);
}

export interface CreateWebhookReply {
  'webhook': (_flashsale_v1_Webhook | null);
  'secret': (string);
}
