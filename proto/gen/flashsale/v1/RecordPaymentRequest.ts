// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface RecordPaymentRequestInput {
  'eventId'?: (string);
  'paymentId'?: (string);
  'orderNo'?: (string);
  'amountCents'?: (number | string | Long);
  'currency'?: (string);
}

export interface RecordPaymentRequest {
  'eventId': (string);
  'paymentId': (string);
  'orderNo': (string);
  'amountCents': (number);
  'currency': (string);
}
