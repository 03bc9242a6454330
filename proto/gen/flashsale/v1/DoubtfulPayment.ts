// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface DoubtfulPaymentInput {
  'paymentId'?: (string);
  'orderNo'?: (string);
  'state'?: (string);
  'amountCents'?: (number | string | Long);
  'currency'?: (string);
  'gateway'?: (string);
  'sessionId'?: (string);
  'chargeId'?: (string);
  'sessionEndedAtMs'?: (number | string | Long);
  'refundFailure'?: (string);
  '_sessionEndedAtMs'?: "sessionEndedAtMs";
}

export interface DoubtfulPayment {
  'paymentId': (string);
  'orderNo': (string);
  'state': (string);
  'amountCents': (number);
  'currency': (string);
  'gateway': (string);
  'sessionId': (string);
  'chargeId': (string);
  'sessionEndedAtMs'?: (number);
  'refundFailure': (string);
  '_sessionEndedAtMs'?: "sessionEndedAtMs";
}
