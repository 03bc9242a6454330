// Original file: proto/flashsale/v1/order.proto

import type { OrderRequestInput as _flashsale_v1_OrderRequestInput, OrderRequest as _flashsale_v1_OrderRequest } from '../../flashsale/v1/OrderRequest.ts';

export interface PlaceOrdersRequestInput {
  'orders'?: (_flashsale_v1_OrderRequestInput)[];
  'replyTo'?: (string);
}

export interface PlaceOrdersRequest {
  'orders': (_flashsale_v1_OrderRequest)[];
  'replyTo': (string);
}
