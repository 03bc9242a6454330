// Original file: proto/flashsale/v1/stock.proto


export interface RemoveStockReplyInput {
}

export interface RemoveStockReply {
}
