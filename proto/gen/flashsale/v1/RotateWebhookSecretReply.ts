// Original file: proto/flashsale/v1/webhook.proto

import type { Long } from '@grpc/proto-loader';

export interface RotateWebhookSecretReplyInput {
  'secret'?: (string);
  'previousUntilMs'?: (number | string | Long);
}

export interface RotateWebhookSecretReply {
  'secret': (string);
  'previousUntilMs': (number);
}
