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
  'createdAtMs'?: (number | string | Long);
  'gateway'?: (string);
  'refundPendingAtMs'?: (number | string | Long);
  'refundFailure'?: (string);
  'returnedCents'?: (number | string | Long);
  'dispute'?: (string);
  'sessionEndedAtMs'?: (number | string | Long);
  'sessionId'?: (string);
  'chargeId'?: (string);
  '_paidAtMs'?: "paidAtMs";
  '_refundedAtMs'?: "refundedAtMs";
  '_refundPendingAtMs'?: "refundPendingAtMs";
  '_sessionEndedAtMs'?: "sessionEndedAtMs";
}

export interface OrderPayment {
  'paymentId': (string);
  'state': (string);
  'amountCents': (number);
  'currency': (string);
  'paidAtMs'?: (number);
  'refundedAtMs'?: (number);
  'reason': (string);
  'createdAtMs': (number);
  'gateway': (string);
  'refundPendingAtMs'?: (number);
  'refundFailure': (string);
  'returnedCents': (number);
  'dispute': (string);
  'sessionEndedAtMs'?: (number);
  'sessionId': (string);
  'chargeId': (string);
  '_paidAtMs'?: "paidAtMs";
  '_refundedAtMs'?: "refundedAtMs";
  '_refundPendingAtMs'?: "refundPendingAtMs";
  '_sessionEndedAtMs'?: "sessionEndedAtMs";
}
