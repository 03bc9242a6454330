// Original file: proto/flashsale/v1/stock.proto


export interface RecordActionReplyInput {
}

export interface RecordActionReply {
}
