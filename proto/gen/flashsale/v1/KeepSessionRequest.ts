// Original file: proto/flashsale/v1/order.proto


export interface KeepSessionRequestInput {
  'orderNo'?: (string);
  'paymentId'?: (string);
  'sessionId'?: (string);
  'sessionUrl'?: (string);
}

export interface KeepSessionRequest {
  'orderNo': (string);
  'paymentId': (string);
  'sessionId': (string);
  'sessionUrl': (string);
}
