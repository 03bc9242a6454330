// Original file: proto/flashsale/v1/webhook.proto

import type { Long } from '@grpc/proto-loader';

export interface WebhookInput {
  'webhookId'?: (number | string | Long);
  'url'?: (string);
  'description'?: (string);
  'events'?: (string)[];
  'state'?: (string);
  'failures'?: (number);
  'createdAtMs'?: (number | string | Long);
}

export interface Webhook {
  'webhookId': (number);
  'url': (string);
  'description': (string);
  'events': (string)[];
  'state': (string);
  'failures': (number);
  'createdAtMs': (number);
}
