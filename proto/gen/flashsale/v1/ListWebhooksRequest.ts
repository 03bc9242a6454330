// Original file: proto/flashsale/v1/webhook.proto


export interface ListWebhooksRequestInput {
}

export interface ListWebhooksRequest {
}
