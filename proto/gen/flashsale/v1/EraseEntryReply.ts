// Original file: proto/flashsale/v1/draw.proto


export interface EraseEntryReplyInput {
}

export interface EraseEntryReply {
}
