// Original file: proto/flashsale/v1/order.proto

import type { Long } from '@grpc/proto-loader';

export interface OrderPaymentInput {
  'paymentId'?: (string);
  'state'?: (string);
  'amountCents'?: (number | string | Long);
  'currency'?: (string);
  'paidAtMs'?: (number | string | Long);
  'refundedAtMs'?: (number | string | Long);
  'reason'?: (string);
  '_paidAtMs'?: "paidAtMs";
  '_refundedAtMs'?: "refundedAtMs";
}

export interface OrderPayment {
  'paymentId': (string);
  'state': (string);
  'amountCents': (number);
  'currency': (string);
  'paidAtMs'?: (number);
  'refundedAtMs'?: (number);
  'reason': (string);
  '_paidAtMs'?: "paidAtMs";
  '_refundedAtMs'?: "refundedAtMs";
}
