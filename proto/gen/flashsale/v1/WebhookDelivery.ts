// Original file: proto/flashsale/v1/webhook.proto

import type { Long } from '@grpc/proto-loader';

export interface WebhookDeliveryInput {
  'deliveryId'?: (number | string | Long);
  'webhookId'?: (number | string | Long);
  'orderNo'?: (string);
  'type'?: (string);
  'state'?: (string);
  'attempts'?: (number);
  'nextTryAtMs'?: (number | string | Long);
  'lastStatus'?: (number);
  'lastError'?: (string);
  'createdAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  '_nextTryAtMs'?: "nextTryAtMs";
  '_endedAtMs'?: "endedAtMs";
}

export interface WebhookDelivery {
  'deliveryId': (number);
  'webhookId': (number);
  'orderNo': (string);
  'type': (string);
  'state': (string);
  'attempts': (number);
  'nextTryAtMs'?: (number);
  'lastStatus': (number);
  'lastError': (string);
  'createdAtMs': (number);
  'endedAtMs'?: (number);
  '_nextTryAtMs'?: "nextTryAtMs";
  '_endedAtMs'?: "endedAtMs";
}
