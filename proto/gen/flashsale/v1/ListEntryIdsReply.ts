// Original file: proto/flashsale/v1/draw.proto


export interface ListEntryIdsReplyInput {
  'ids'?: (Buffer | Uint8Array | string);
}

export interface ListEntryIdsReply {
  'ids': (Buffer);
}
