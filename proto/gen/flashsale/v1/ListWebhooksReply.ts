// Original file: proto/flashsale/v1/webhook.proto

import type { WebhookInput as _flashsale_v1_WebhookInput, Webhook as _flashsale_v1_Webhook } from '../../flashsale/v1/Webhook.ts';

export interface ListWebhooksReplyInput {
  'webhooks'?: (_flashsale_v1_WebhookInput)[];
}

export interface ListWebhooksReply {
  'webhooks': (_flashsale_v1_Webhook)[];
}
