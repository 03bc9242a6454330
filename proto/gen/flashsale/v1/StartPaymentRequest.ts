// Original file: proto/flashsale/v1/order.proto


export interface StartPaymentRequestInput {
  'orderNo'?: (string);
  'buyer'?: (string);
  'gateway'?: (string);
  'returnUrl'?: (string);
  'sessionSeconds'?: (number);
  'maxSessionSeconds'?: (number);
}

export interface StartPaymentRequest {
  'orderNo': (string);
  'buyer': (string);
  'gateway': (string);
  'returnUrl': (string);
  'sessionSeconds': (number);
  'maxSessionSeconds': (number);
}
