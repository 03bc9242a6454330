// Original file: proto/flashsale/v1/order.proto


export interface StartPaymentRequestInput {
  'orderNo'?: (string);
  'buyer'?: (string);
}

export interface StartPaymentRequest {
  'orderNo': (string);
  'buyer': (string);
}
