// Original file: proto/flashsale/v1/webhook.proto

import type { Long } from '@grpc/proto-loader';

export interface ListWebhookDeliveriesRequestInput {
  'webhookId'?: (number | string | Long);
  'state'?: (string);
  'beforeId'?: (number | string | Long);
  'pageSize'?: (number);
}

export interface ListWebhookDeliveriesRequest {
  'webhookId': (number);
  'state': (string);
  'beforeId': (number);
  'pageSize': (number);
}
