// Original file: proto/flashsale/v1/webhook.proto


export interface RemoveWebhookReplyInput {
}

export interface RemoveWebhookReply {
}
