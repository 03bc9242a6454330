// Original file: proto/flashsale/v1/order.proto

import type { PlacedOrderInput as _flashsale_v1_PlacedOrderInput, PlacedOrder as _flashsale_v1_PlacedOrder } from '../../flashsale/v1/PlacedOrder.ts';

export interface PlaceOrdersReplyInput {
  'orders'?: (_flashsale_v1_PlacedOrderInput)[];
  'servedBy'?: (string);
}

export interface PlaceOrdersReply {
  'orders': (_flashsale_v1_PlacedOrder)[];
  'servedBy': (string);
}
