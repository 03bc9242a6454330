// Original file: proto/flashsale/v1/order.proto


export interface RefundOrderRequestInput {
  'orderNo'?: (string);
  'reason'?: (string);
}

export interface RefundOrderRequest {
  'orderNo': (string);
  'reason': (string);
}
