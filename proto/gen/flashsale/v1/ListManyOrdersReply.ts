// Original file: proto/flashsale/v1/order.proto

import type { ListOrdersReplyInput as _flashsale_v1_ListOrdersReplyInput, ListOrdersReply as _flashsale_v1_ListOrdersReply } from '../../flashsale/v1/ListOrdersReply.ts';

export interface ListManyOrdersReplyInput {
  'lists'?: (_flashsale_v1_ListOrdersReplyInput)[];
}

export interface ListManyOrdersReply {
  'lists': (_flashsale_v1_ListOrdersReply)[];
}
