// Original file: proto/flashsale/v1/webhook.proto


export interface WebhookEventsInput {
  'types'?: (string)[];
}

export interface WebhookEvents {
  'types': (string)[];
}
