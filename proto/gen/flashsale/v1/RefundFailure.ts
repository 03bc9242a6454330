// Original file: proto/flashsale/v1/order.proto


export interface RefundFailureInput {
  'orderNo'?: (string);
  'code'?: (string);
}

export interface RefundFailure {
  'orderNo': (string);
  'code': (string);
}
