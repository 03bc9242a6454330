// Original file: proto/flashsale/v1/order.proto

import type { OrderInput as _flashsale_v1_OrderInput, Order as _flashsale_v1_Order } from '../../flashsale/v1/Order.ts';

export interface SearchOrdersReplyInput {
  'orders'?: (_flashsale_v1_OrderInput)[];
  'nextCursor'?: (string);
}

export interface SearchOrdersReply {
  'orders': (_flashsale_v1_Order)[];
  'nextCursor': (string);
}
