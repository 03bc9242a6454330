// Original file: proto/flashsale/v1/webhook.proto

import type { WebhookDeliveryInput as _flashsale_v1_WebhookDeliveryInput, WebhookDelivery as _flashsale_v1_WebhookDelivery } from '../../flashsale/v1/WebhookDelivery.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListWebhookDeliveriesReplyInput {
  'deliveries'?: (_flashsale_v1_WebhookDeliveryInput)[];
  'nextBeforeId'?: (number | string | Long);
}

export interface ListWebhookDeliveriesReply {
  'deliveries': (_flashsale_v1_WebhookDelivery)[];
  'nextBeforeId': (number);
}
