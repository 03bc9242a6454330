// Original file: proto/flashsale/v1/order.proto


export interface CancelOrderRequestInput {
  'orderNo'?: (string);
  'buyer'?: (string);
}

export interface CancelOrderRequest {
  'orderNo': (string);
  'buyer': (string);
}
