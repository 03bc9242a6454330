// Original file: proto/flashsale/v1/order.proto

import type { OrderInput as _flashsale_v1_OrderInput, Order as _flashsale_v1_Order } from '../../flashsale/v1/Order.ts';

export interface GetOrdersReplyInput {
  'orders'?: (_flashsale_v1_OrderInput)[];
}

export interface GetOrdersReply {
  'orders': (_flashsale_v1_Order)[];
}
